package dev.vramcast.cli.command;

import dev.vramcast.cli.console.Console;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One of the commands behind {@code vramcast}. */
public interface Command {

  /** The word on the command line. */
  String name();

  /** One line for the list of commands. */
  String summary();

  /** Its options, and its help beside the summary. */
  CommandSpec spec();

  /** Runs it and returns the exit code. */
  int run(ParseResult arguments, Console console);
}
