/** Reads the files of launchers on their own: accelerate's and DeepSpeed's. */
@NullMarked
package dev.vramcast.formats.training.launch;

import org.jspecify.annotations.NullMarked;
