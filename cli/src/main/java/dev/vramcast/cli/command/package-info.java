/** The commands: their options, what they run, and what they write to. */
package dev.vramcast.cli.command;
