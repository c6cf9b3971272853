/** Writes a job for TRL. */
@NullMarked
package dev.vramcast.formats.write.train.trl;

import org.jspecify.annotations.NullMarked;
