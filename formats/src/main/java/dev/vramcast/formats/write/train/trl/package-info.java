/** Writes a job for TRL. */
package dev.vramcast.formats.write.train.trl;
