/** Reads LLaMA-Factory's YAML. */
package dev.tunefit.formats.training.llamafactory;
