/** Tables of text, each cell with its place: those that users bring, and those of the program. */
@NullMarked
package dev.vramcast.input.table;

import org.jspecify.annotations.NullMarked;
