/** All writers of files for other programs, and which of them a user asked for. */
@NullMarked
package dev.vramcast.formats.writers;

import org.jspecify.annotations.NullMarked;
