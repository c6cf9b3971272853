package dev.tunefit.cli;

import dev.tunefit.cli.command.Console;
import dev.tunefit.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * A command line that was run inside this process.
 *
 * @param out what it printed
 * @param err what it said about warnings and errors
 */
record CliRun(int code, String out, String err) {

  /** Runs with a plain output, as into a pipe. */
  static CliRun of(String... args) {
    return of(List.of(args));
  }

  static CliRun of(List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(Terminal.PLAIN_WIDTH, false, true);
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), terminal);
    int code = Tunefit.run(args, console);
    return new CliRun(code, out.toString(), err.toString());
  }
}
