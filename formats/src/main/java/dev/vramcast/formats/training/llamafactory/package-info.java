/** Reads LLaMA-Factory's YAML. */
package dev.vramcast.formats.training.llamafactory;
