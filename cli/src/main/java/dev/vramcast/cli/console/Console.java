package dev.vramcast.cli.console;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.input.Notice;
import java.io.PrintWriter;
import java.util.List;

/**
 * Where a command writes, and what it may ask of the machine.
 *
 * @param out answers
 * @param err warnings and errors
 * @param terminal what {@code out} can show
 * @param surroundings the clock and the environment
 */
public record Console(
    PrintWriter out, PrintWriter err, Terminal terminal, Environment surroundings) {

  private static final String NAME = "vramcast: ";

  public Console {
    terminal = terminal.saying(CommandWords.ALL);
  }

  /** Prints lines that end in a line feed on every system. */
  public void print(List<String> lines) {
    lines.forEach(line -> out.print(line + "\n"));
  }

  /** Prints text as it is. */
  public void print(String text) {
    out.print(text);
  }

  /** One line about something that does not stop the command. */
  public void warn(Notice notice) {
    err.print(NAME + "warning: " + oneLine(notice.line(CommandWords.ALL)) + "\n");
  }

  /** One line about what stopped the command. */
  public void fail(String message) {
    err.print(NAME + oneLine(message) + "\n");
  }

  /** Lets everything out. */
  public void flush() {
    out.flush();
    err.flush();
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*[\\p{Cntrl}\\u2028\\u2029]+\\s*", " ").strip();
  }
}
