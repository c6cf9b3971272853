/** Reads Axolotl's YAML. */
package dev.vramcast.formats.training.axolotl;
