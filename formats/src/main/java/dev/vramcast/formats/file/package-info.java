/** Files that are written whole or not at all. */
@NullMarked
package dev.vramcast.formats.file;

import org.jspecify.annotations.NullMarked;
