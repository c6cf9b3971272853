/** Reads the arguments of ms-swift and of Megatron-SWIFT. */
package dev.tunefit.formats.training.swift;
