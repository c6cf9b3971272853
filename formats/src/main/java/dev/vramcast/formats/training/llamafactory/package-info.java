/** Reads LLaMA-Factory's YAML. */
@NullMarked
package dev.vramcast.formats.training.llamafactory;

import org.jspecify.annotations.NullMarked;
