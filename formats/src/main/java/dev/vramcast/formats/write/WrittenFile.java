package dev.vramcast.formats.write;

import java.util.List;

/**
 * A file as a writer made it.
 *
 * @param name without a folder
 * @param body below the comment
 */
public record WrittenFile(String name, Syntax syntax, String body) {

  /** How a file takes comments. */
  public enum Syntax {
    /** Lines that begin with a number sign. */
    HASH,
    /** As {@link #HASH}, below the line that names the shell. */
    SHELL,
    /** JSON takes none. */
    NONE
  }

  private static final String SHELL_LINE = "#!/bin/bash\n";

  /**
   * The whole file.
   *
   * @param comment lines; characters that could end a comment are replaced
   */
  public String text(List<String> comment) {
    StringBuilder text = new StringBuilder(syntax == Syntax.SHELL ? SHELL_LINE : "");
    if (syntax != Syntax.NONE) {
      comment.forEach(line -> text.append("# ").append(printable(line).strip()).append('\n'));
    }
    return text.append(body).toString();
  }

  /** Without line breaks, control characters and what turns the reading direction. */
  private static String printable(String line) {
    StringBuilder safe = new StringBuilder();
    line.codePoints().forEach(point -> safe.appendCodePoint(isPrintable(point) ? point : '?'));
    return safe.toString();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
