/** All readers of training files, and how the one for a file is found. */
package dev.vramcast.formats.training.registry;
