/** Reads the arguments of ms-swift and of Megatron-SWIFT. */
@NullMarked
package dev.vramcast.formats.training.swift;

import org.jspecify.annotations.NullMarked;
