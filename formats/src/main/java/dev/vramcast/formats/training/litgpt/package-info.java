/** Reads LitGPT's YAML. */
package dev.vramcast.formats.training.litgpt;
