/**
 * The frame of readers for the training files of other programs: what a file is, how a reader
 * recognises it and takes its keys, and what it finds in it. Each reader has a package below, with
 * the keys of its format as a table.
 */
@NullMarked
package dev.vramcast.formats.training;

import org.jspecify.annotations.NullMarked;
