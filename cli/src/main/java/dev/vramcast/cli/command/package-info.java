/** The commands: their options, what they run, and what they write to. */
@NullMarked
package dev.vramcast.cli.command;

import org.jspecify.annotations.NullMarked;
