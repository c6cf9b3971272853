/** Reads torchtune's YAML. */
package dev.tunefit.formats.training.torchtune;
