/** Rows of a table that is read. */
@NullMarked
package dev.vramcast.sweep.rows;

import org.jspecify.annotations.NullMarked;
