/** Reads torchtune's YAML. */
@NullMarked
package dev.vramcast.formats.training.torchtune;

import org.jspecify.annotations.NullMarked;
