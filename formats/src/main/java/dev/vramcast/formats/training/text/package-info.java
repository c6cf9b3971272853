/** The texts that jobs stand in: files, command lines, programs. */
package dev.vramcast.formats.training.text;
