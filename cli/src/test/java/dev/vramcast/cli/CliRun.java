package dev.vramcast.cli;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * A command line that was run inside this process.
 *
 * @param out what it printed
 * @param err what it said about warnings and errors
 */
public record CliRun(int code, String out, String err) {

  /** A day after every date in the price lists, and no programs to start. */
  public static final Environment SURROUNDINGS =
      new Environment(Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC), Map.of());

  /** Runs with a plain output, as into a pipe. */
  public static CliRun of(String... args) {
    return of(List.of(args));
  }

  public static CliRun of(List<String> args) {
    return of(args, SURROUNDINGS);
  }

  public static CliRun of(List<String> args, Environment surroundings) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(Terminal.PLAIN_WIDTH, false, true);
    Console console =
        new Console(new PrintWriter(out), new PrintWriter(err), terminal, surroundings);
    int code = Vramcast.run(args, console);
    return new CliRun(code, out.toString(), err.toString());
  }
}
