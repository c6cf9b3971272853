/** Writes a job for Unsloth. */
@NullMarked
package dev.vramcast.formats.write.train.unsloth;

import org.jspecify.annotations.NullMarked;
