/** Writes a job for LLaMA-Factory. */
package dev.vramcast.formats.write.train.llamafactory;
