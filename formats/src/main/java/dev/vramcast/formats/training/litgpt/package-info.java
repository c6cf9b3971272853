/** Reads LitGPT's YAML. */
@NullMarked
package dev.vramcast.formats.training.litgpt;

import org.jspecify.annotations.NullMarked;
