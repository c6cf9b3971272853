/** Reads the calls in Python programs and notebooks as text, within bounds; nothing is run. */
package dev.vramcast.formats.python;
