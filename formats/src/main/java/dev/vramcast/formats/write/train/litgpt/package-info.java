/** Writes a job for LitGPT. */
package dev.vramcast.formats.write.train.litgpt;
