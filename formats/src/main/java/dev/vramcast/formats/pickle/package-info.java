/** Reads plain data out of Python's pickles. What would run code is refused by its opcode. */
@NullMarked
package dev.vramcast.formats.pickle;

import org.jspecify.annotations.NullMarked;
