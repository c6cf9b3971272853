/** What functions of a Python program are handed. */
@NullMarked
package dev.vramcast.formats.python.handed;

import org.jspecify.annotations.NullMarked;
