/** Parts of a program's own modules, and how they are put in front of it. */
@NullMarked
package dev.vramcast.formats.python.module;

import org.jspecify.annotations.NullMarked;
