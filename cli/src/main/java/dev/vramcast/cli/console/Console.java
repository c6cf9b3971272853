package dev.vramcast.cli.console;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a command writes, and what it may ask of the machine.
 *
 * @param out answers
 * @param err warnings and errors
 * @param terminal what {@code out} can show
 * @param surroundings the clock and the environment
 * @param keyboard where somebody may answer a question; empty in pipes
 */
public record Console(
    PrintWriter out,
    PrintWriter err,
    Terminal terminal,
    Environment surroundings,
    Optional<BufferedReader> keyboard) {

  private static final String NAME = "vramcast: ";

  /** Sets colours and weights, and nothing else. */
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[\\d;]{0,20}m");

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f&&[^\\n\\t]]");

  /** One at which nobody sits. */
  public Console(PrintWriter out, PrintWriter err, Terminal terminal, Environment surroundings) {
    this(out, err, terminal, surroundings, Optional.empty());
  }

  public Console {
    terminal = terminal.saying(CommandWords.ALL);
  }

  /**
   * Prints lines that end in a line feed on every system. But for colours, where there are any,
   * nothing in them controls the terminal, whatever file it came from.
   */
  public void print(List<String> lines) {
    lines.forEach(line -> out.print(safe(line) + "\n"));
  }

  private String safe(String text) {
    StringBuilder safe = new StringBuilder();
    Matcher colour = COLOUR.matcher(text);
    int end = 0;
    while (terminal.colours() && colour.find()) {
      safe.append(plain(text.substring(end, colour.start()))).append(colour.group());
      end = colour.end();
    }
    return safe.append(plain(text.substring(end))).toString();
  }

  /** The text without what a terminal would obey, but for line feeds and tabs. */
  private static String plain(String text) {
    return CONTROL.matcher(text).replaceAll("?");
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
    return Shown.printable(message.replaceAll("\\s*[\\p{Cntrl}\\u2028\\u2029]+\\s*", " ").strip());
  }
}
