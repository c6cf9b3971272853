/** Reads the files of launchers on their own: accelerate's and DeepSpeed's. */
package dev.vramcast.formats.training.launch;
