/** Writes a job for LitGPT. */
@NullMarked
package dev.vramcast.formats.write.train.litgpt;

import org.jspecify.annotations.NullMarked;
