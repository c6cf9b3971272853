package dev.vramcast.answers.terminal;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Words;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the place that a command writes to can show.
 *
 * @param width columns of a line
 * @param colours whether it understands ANSI codes
 * @param unicode whether it shows characters beyond ASCII
 * @param bars whether whoever reads it makes something of bars, which an assistant does not
 * @param words what whoever reads it calls things
 */
public record Terminal(int width, boolean colours, boolean unicode, boolean bars, Words words) {

  /** Columns of a file or a pipe. */
  public static final int PLAIN_WIDTH = 100;

  private static final int NARROWEST = 60;
  private static final int WIDEST = 160;

  public Terminal {
    width = Math.max(NARROWEST, Math.min(WIDEST, width));
  }

  /** One that shows bars, for those who write job documents. */
  public Terminal(int width, boolean colours, boolean unicode) {
    this(width, colours, unicode, true, Words.DOCUMENT);
  }

  /** The same for those who call things otherwise. */
  public Terminal saying(Words other) {
    return new Terminal(width, colours, unicode, bars, other);
  }

  /** A sentence of pieces, which bring their blanks, in one line. */
  public String text(Object... pieces) {
    return Notice.of(pieces).sentence(words);
  }

  /**
   * Reads {@code NO_COLOR}, {@code TERM} and the locale's variables.
   *
   * @param columns of the terminal that standard output is; empty when it is none
   */
  public static Terminal of(Map<String, String> variables, String columns) {
    boolean interactive = columns.matches("\\d{1,9}");
    boolean colours =
        interactive
            && variables.getOrDefault("NO_COLOR", "").isEmpty()
            && !variables.getOrDefault("TERM", "").equals("dumb");
    int width = interactive ? Integer.parseInt(columns) : PLAIN_WIDTH;
    return new Terminal(width == 0 ? PLAIN_WIDTH : width, colours, isUnicode(variables));
  }

  /** The text in a style, or as it is when there are no colours. */
  public String styled(Style style, String text) {
    return colours ? style.apply(text) : text;
  }

  /** A locale without a character set says nothing, so that only a named other one counts. */
  private static boolean isUnicode(Map<String, String> variables) {
    String locale =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .map(name -> variables.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("")
            .toLowerCase(Locale.ROOT);
    return !locale.contains(".") || locale.contains("utf-8") || locale.contains("utf8");
  }
}
