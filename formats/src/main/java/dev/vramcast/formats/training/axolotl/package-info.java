/** Reads Axolotl's YAML. */
@NullMarked
package dev.vramcast.formats.training.axolotl;

import org.jspecify.annotations.NullMarked;
