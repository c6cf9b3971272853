/** Writes a job for torchtune. */
package dev.vramcast.formats.write.train.torchtune;
