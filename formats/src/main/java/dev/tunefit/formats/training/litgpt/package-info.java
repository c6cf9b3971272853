/** Reads LitGPT's YAML. */
package dev.tunefit.formats.training.litgpt;
