/** Reads the arguments of ms-swift and of Megatron-SWIFT. */
package dev.vramcast.formats.training.swift;
