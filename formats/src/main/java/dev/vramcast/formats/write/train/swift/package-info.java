/** Writes a job for ms-swift. */
@NullMarked
package dev.vramcast.formats.write.train.swift;

import org.jspecify.annotations.NullMarked;
