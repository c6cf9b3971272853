package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lines of several files that are read as one program: those of modules have numbers of their own,
 * behind all that a file may have, until what was read is given the places in their files.
 */
public final class ModuleLines {

  private static final int EACH = 10_000_000;

  /** Of a line, what is counted again for each place in it. */
  private static final int LONGEST = 10_000;

  private ModuleLines() {}

  /**
   * A line of a module.
   *
   * @param module which of the program's modules it is, from 0
   * @param file its name in messages
   */
  public static Node.Scalar of(int module, String file, Node.Scalar line, String text) {
    return new Node.Scalar(
        text, new Mark((module + 1) * EACH + line.line(), line.mark().column(), file));
  }

  /**
   * Where a character of a line stands; behind many no column is told.
   *
   * @param column where it stands in the line's text, as strings of Java count
   */
  public static Mark at(Node.Scalar line, int column) {
    Mark start = line.mark();
    String text = String.valueOf(line.value());
    if (start.column() <= 1 && column <= LONGEST) {
      return start.further(text.codePointCount(0, Math.min(column, text.length())));
    }
    return column > LONGEST || column > text.length()
        ? start.ofLine()
        : start.further(text.chars().limit(column).map(c -> width(start, c)).sum());
  }

  /**
   * How many characters the file has for one of a line. One that begins further to the right is a
   * string of a notebook, in which JSON writes two for a quote.
   *
   * @param start where the line begins
   */
  public static int width(Mark start, int character) {
    if (character >= Character.MIN_LOW_SURROGATE && character <= Character.MAX_LOW_SURROGATE) {
      return 0;
    }
    return start.column() > 1 && "\"\\\n\t\r\b\f".indexOf(character) >= 0 ? 2 : 1;
  }

  /** As above, of a line with the line feed behind it. */
  public static int width(Mark start, String line) {
    return line.chars().map(c -> width(start, c)).sum() + width(start, '\n');
  }

  /**
   * Lines of which none holds a line feed, each with its place; a part of a notebook holds some.
   */
  public static List<Node.Scalar> rows(List<Node.Scalar> lines) {
    List<Node.Scalar> rows = new ArrayList<>();
    for (Node.Scalar line : lines) {
      Mark start = line.mark();
      for (String row : String.valueOf(line.value()).split("\n", -1)) {
        rows.add(new Node.Scalar(row, start));
        start = start.further(width(start, row));
      }
    }
    return rows;
  }

  /** The texts of lines, with line feeds between them. */
  public static String text(List<Node.Scalar> lines) {
    return lines.stream()
        .map(line -> String.valueOf(line.value()))
        .collect(Collectors.joining("\n"));
  }

  /** Whether a line is for the shell or for the notebook, and no Python. */
  public static boolean isCommand(String line) {
    int at = 0;
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
    return at < line.length() && (line.charAt(at) == '!' || line.charAt(at) == '%');
  }

  /** Whether a line is one of a module. */
  public static boolean isOne(int line) {
    return line >= EACH;
  }

  /** Where a line stands in its file. */
  public static Mark place(Mark mark) {
    return isOne(mark.line()) ? new Mark(mark.line() % EACH, mark.column(), mark.source()) : mark;
  }

  /**
   * What was read of lines, with the places in the files that these are from.
   *
   * @param lines all of them
   */
  public static Node.Fields placed(Node.Fields root, List<Node.Scalar> lines) {
    Map<Integer, String> files = new HashMap<>();
    lines.stream()
        .filter(line -> isOne(line.line()))
        .forEach(line -> files.put(line.line() / EACH, line.mark().source()));
    return files.isEmpty() ? root : root.at(mark -> mark(mark, files));
  }

  private static Mark mark(Mark mark, Map<Integer, String> files) {
    String file = files.get(mark.line() / EACH);
    return file == null ? mark : new Mark(mark.line() % EACH, mark.column(), file);
  }
}
