/** Reads the commands of shell scripts as text, within bounds; nothing is run. */
@NullMarked
package dev.vramcast.formats.shell;

import org.jspecify.annotations.NullMarked;
