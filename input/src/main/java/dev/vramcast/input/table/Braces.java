package dev.vramcast.input.table;

import java.util.ArrayList;
import java.util.List;

/** Joins what stands between braces, as in <code>{'Name': 'A100', 'Count': 1}</code> unquoted. */
final class Braces {

  private Braces() {}

  /** The cells, those from an opening to its closing brace as one; as given without a closing. */
  static List<Cell> joined(List<Cell> cells) {
    List<Cell> joined = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Cell first = null;
    int depth = 0;
    for (Cell cell : cells) {
      text.append(first == null ? "" : ",").append(cell.text());
      first = first == null ? cell : first;
      depth += depth(cell.text());
      if (depth <= 0) {
        joined.add(new Cell(text.toString(), first.line(), first.column()));
        text.setLength(0);
        first = null;
        depth = 0;
      }
    }
    return first == null ? joined : cells;
  }

  private static int depth(String text) {
    int open = (int) text.chars().filter(c -> c == '{').count();
    int closed = (int) text.chars().filter(c -> c == '}').count();
    return open - closed;
  }
}
