/** Writes a job for torchtune. */
@NullMarked
package dev.vramcast.formats.write.train.torchtune;

import org.jspecify.annotations.NullMarked;
