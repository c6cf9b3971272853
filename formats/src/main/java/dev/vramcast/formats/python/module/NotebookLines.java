package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The code of a notebook, of which each line is a string of JSON, or several are one. */
public final class NotebookLines {

  private static final Pattern STRING = Pattern.compile("(?:\"source\"\\s*:\\s*)?\"");

  private static final Row NO_ROW = new Row("", false);

  /**
   * A line of the file.
   *
   * @param escapes whether characters stand in it by their numbers; all of a notebook may be one
   *     line, so that each is asked once
   */
  private record Row(String text, boolean escapes) {

    static Row of(String text) {
      return new Row(text, text.contains("\\u"));
    }
  }

  private NotebookLines() {}

  /**
   * The lines of all cells with code, cell by cell, each without the line feed at its end.
   *
   * @param text of the notebook, in which they stand
   */
  public static List<List<Node.Scalar>> of(Node.Items cells, String text) {
    List<Row> rows = text.lines().map(Row::of).toList();
    List<List<Node.Scalar>> all = new ArrayList<>();
    for (Node cell : cells.items()) {
      if (cell instanceof Node.Fields content
          && content.at("cell_type").filter(type -> "code".equals(type.value())).isPresent()) {
        List<Node.Scalar> lines = new ArrayList<>();
        content.at("source").ifPresent(source -> add(source, rows, lines));
        all.add(lines);
      }
    }
    return all;
  }

  private static void add(Node source, List<Row> rows, List<Node.Scalar> lines) {
    List<Node> parts = source instanceof Node.Items items ? items.items() : List.of(source);
    for (Node part : parts) {
      String code = String.valueOf(part.value()).replaceAll("\n\\z", "");
      Row row = part.line() > rows.size() ? NO_ROW : rows.get(Math.max(0, part.line() - 1));
      Mark mark = behindQuote(part.mark(), row);
      for (String line : code.split("\n", -1)) {
        lines.add(new Node.Scalar(line, mark));
        mark = behindFeed(mark, row);
      }
    }
  }

  /** Where a string begins, behind its key where it has one; characters by number hide it. */
  private static Mark behindQuote(Mark mark, Row row) {
    int length = row.text().length();
    Matcher string =
        STRING.matcher(row.text()).region(Math.min(length, Math.max(0, mark.column() - 1)), length);
    return string.lookingAt() && !row.escapes()
        ? new Mark(mark.line(), string.end() + 1)
        : mark.ofLine();
  }

  /** Where the next line of a string begins, behind a line feed that is written as an escape. */
  private static Mark behindFeed(Mark mark, Row row) {
    String text = row.text();
    int at = mark.column() - 1;
    while (at >= 0 && at + 1 < text.length()) {
      boolean escape = text.charAt(at) == '\\';
      if (escape && text.charAt(at + 1) == 'n') {
        return new Mark(mark.line(), at + 3);
      }
      at += escape ? 2 : 1;
    }
    return mark.ofLine();
  }
}
