/** Reads Unsloth's notebooks and scripts: the arguments of calls that are known. */
package dev.vramcast.formats.training.unsloth;
