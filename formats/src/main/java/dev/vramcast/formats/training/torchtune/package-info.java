/** Reads torchtune's YAML. */
package dev.vramcast.formats.training.torchtune;
