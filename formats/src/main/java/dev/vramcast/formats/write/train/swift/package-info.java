/** Writes a job for ms-swift. */
package dev.vramcast.formats.write.train.swift;
