/**
 * The {@code vramcast} command: reads flags and files, asks the other modules, prints the answer.
 * No arithmetic lives here.
 */
@NullMarked
package dev.vramcast.cli;

import org.jspecify.annotations.NullMarked;
