/** Reads Axolotl's YAML. */
package dev.tunefit.formats.training.axolotl;
