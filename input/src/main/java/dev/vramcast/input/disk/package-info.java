/** What the program does to files, in an order that a loss of power cannot undo. */
@NullMarked
package dev.vramcast.input.disk;

import org.jspecify.annotations.NullMarked;
