package dev.vramcast.answers.terminal;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines. */
public final class Wrap {

  private Wrap() {}

  /**
   * Lines of at most {@code width} characters, broken at blanks; a longer word is broken too.
   *
   * @param width at least 1
   */
  public static List<String> lines(String text, int width) {
    if (width < 1) {
      throw new IllegalArgumentException("lines of " + width + " characters");
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      String rest = word;
      if (!line.isEmpty() && line.length() + 1 + rest.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      while (rest.length() > width) {
        lines.add(rest.substring(0, width));
        rest = rest.substring(width);
      }
      line.append(line.isEmpty() ? "" : " ").append(rest);
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }

  /** The text, or its beginning and an ellipsis when it is too long. */
  public static String cut(String text, int width, Terminal terminal) {
    if (text.length() <= width) {
      return text;
    }
    String dots = terminal.unicode() ? "…" : "...";
    return text.substring(0, Math.max(0, width - dots.length())) + dots;
  }
}
