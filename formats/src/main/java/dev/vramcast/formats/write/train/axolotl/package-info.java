/** Writes a job for Axolotl. */
@NullMarked
package dev.vramcast.formats.write.train.axolotl;

import org.jspecify.annotations.NullMarked;
