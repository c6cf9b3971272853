/** Reads plain data out of Python's pickles. What would run code is refused by its opcode. */
package dev.vramcast.formats.pickle;
