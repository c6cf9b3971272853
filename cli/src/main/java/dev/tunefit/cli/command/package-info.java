/** The commands: their options, what they run, and what they write to. */
package dev.tunefit.cli.command;
