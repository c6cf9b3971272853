/** Writes a job for LLaMA-Factory. */
@NullMarked
package dev.vramcast.formats.write.train.llamafactory;

import org.jspecify.annotations.NullMarked;
