/** Which statements of a Python program run, and what their conditions ask. */
@NullMarked
package dev.vramcast.formats.python.flow;

import org.jspecify.annotations.NullMarked;
