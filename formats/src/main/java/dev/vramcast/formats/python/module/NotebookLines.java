package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The code of a notebook, of which each line is a string of JSON, or each cell one. */
public final class NotebookLines {

  private static final Pattern STRING = Pattern.compile("(?:\"source\"\\s*:\\s*)?\"");

  private NotebookLines() {}

  /**
   * The lines of all cells with code, each without the line feed at its end.
   *
   * @param text of the notebook, in which they stand
   */
  public static List<Node.Scalar> of(Node.Items cells, String text) {
    List<String> rows = text.lines().toList();
    List<Node.Scalar> lines = new ArrayList<>();
    for (Node cell : cells.items()) {
      if (cell instanceof Node.Fields content
          && content.at("cell_type").filter(type -> "code".equals(type.value())).isPresent()) {
        content.at("source").ifPresent(source -> add(source, rows, lines));
      }
    }
    return lines;
  }

  private static void add(Node source, List<String> rows, List<Node.Scalar> lines) {
    List<Node> parts = source instanceof Node.Items items ? items.items() : List.of(source);
    for (Node part : parts) {
      String code = String.valueOf(part.value()).replaceAll("\n\\z", "");
      String row = part.line() > rows.size() ? "" : rows.get(Math.max(0, part.line() - 1));
      lines.add(new Node.Scalar(code, behindQuote(part.mark(), row)));
    }
  }

  /** Where a string begins, behind its key where it has one; characters by number hide it. */
  private static Mark behindQuote(Mark mark, String row) {
    int start = Math.min(row.length(), Math.max(0, mark.column() - 1));
    Matcher string = STRING.matcher(row).region(start, row.length());
    return string.lookingAt() && !row.contains("\\u")
        ? new Mark(mark.line(), string.end() + 1)
        : mark.ofLine();
  }
}
