/** Objects of a program's own classes that hold settings, and what their fields have. */
@NullMarked
package dev.vramcast.formats.python.objects;

import org.jspecify.annotations.NullMarked;
