/** Writes a job for Unsloth. */
package dev.vramcast.formats.write.train.unsloth;
