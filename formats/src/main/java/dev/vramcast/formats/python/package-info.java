/** Reads the calls in Python programs and notebooks as text, within bounds; nothing is run. */
@NullMarked
package dev.vramcast.formats.python;

import org.jspecify.annotations.NullMarked;
