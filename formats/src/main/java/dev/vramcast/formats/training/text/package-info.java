/** The texts that jobs stand in: files, command lines, programs. */
@NullMarked
package dev.vramcast.formats.training.text;

import org.jspecify.annotations.NullMarked;
