/** All readers of training files, and how the one for a file is found. */
@NullMarked
package dev.vramcast.formats.training.registry;

import org.jspecify.annotations.NullMarked;
