package dev.vramcast.formats.python;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands below {@code if False:}, with which notebooks switch parts of themselves off. */
final class DeadCode {

  private static final Pattern OFF = Pattern.compile("(\\s*)if\\s+False\\s*:.*");

  /** Columns in front of the condition that holds for the next lines; -1 where none does. */
  private int indent = -1;

  /** A line as it runs, which is empty where it does not; lines are given in order. */
  String without(String line) {
    if (indent >= 0 && (line.isBlank() || columns(line) > indent)) {
      return "";
    }
    Matcher off = OFF.matcher(line);
    indent = off.matches() ? off.group(1).length() : -1;
    return indent < 0 ? line : "";
  }

  private static int columns(String line) {
    return line.length() - line.stripLeading().length();
  }
}
