/** Writes a job for Axolotl. */
package dev.vramcast.formats.write.train.axolotl;
