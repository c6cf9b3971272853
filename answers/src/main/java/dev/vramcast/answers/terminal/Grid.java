package dev.vramcast.answers.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Rows of cells in aligned columns, indented by two blanks. */
public final class Grid {

  private static final String INDENT = "  ";
  private static final String GAP = "  ";

  /** Where the text of a column stands. */
  public enum Align {
    LEFT,
    RIGHT
  }

  private final Terminal terminal;
  private final List<Align> aligns;
  private final List<List<Cell>> rows = new ArrayList<>();
  private boolean wraps;

  public Grid(Terminal terminal, Align... aligns) {
    this.terminal = terminal;
    this.aligns = List.of(aligns);
  }

  /** A row of one cell for each column; trailing ones may be left out. */
  public Grid row(Cell... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** A row in one style. */
  public Grid row(Style style, String... texts) {
    rows.add(Arrays.stream(texts).map(text -> new Cell(text, style)).toList());
    return this;
  }

  /** Continues the last column on further lines where it would be cut at the terminal's edge. */
  public Grid wrapped() {
    wraps = true;
    return this;
  }

  /** The lines. */
  public List<String> lines() {
    int[] widths = widths();
    return rows.stream()
        .flatMap(row -> wraps ? parts(row, widths).stream() : Stream.of(row))
        .map(row -> line(row, widths))
        .toList();
  }

  private List<List<Cell>> parts(List<Cell> row, int[] widths) {
    int last = row.size() - 1;
    int before = INDENT.length();
    for (int i = 0; i < last; i++) {
      before += widths[i] + GAP.length();
    }
    List<List<Cell>> parts = new ArrayList<>();
    for (String text : Wrap.lines(row.get(last).text(), terminal.width() - before)) {
      List<Cell> part = new ArrayList<>();
      for (int i = 0; i < last; i++) {
        part.add(parts.isEmpty() ? row.get(i) : Cell.plain(""));
      }
      part.add(new Cell(text, row.get(last).style()));
      parts.add(part);
    }
    return parts;
  }

  private String line(List<Cell> row, int[] widths) {
    StringBuilder line = new StringBuilder(INDENT);
    int used = INDENT.length();
    for (int i = 0; i < row.size(); i++) {
      boolean last = i == row.size() - 1;
      Cell cell = row.get(i);
      String text = last ? Wrap.cut(cell.text(), terminal.width() - used, terminal) : cell.text();
      String blanks = " ".repeat(Math.max(0, widths[i] - text.length()));
      String styled = terminal.styled(cell.style(), text);
      boolean left = aligns.get(i) == Align.LEFT;
      line.append(left ? styled : blanks + styled);
      if (!last) {
        line.append(left ? blanks : "").append(GAP);
        used += Math.max(widths[i], text.length()) + GAP.length();
      }
    }
    return line.toString().stripTrailing();
  }

  private int[] widths() {
    int[] widths = new int[aligns.size()];
    for (List<Cell> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).text().length());
      }
    }
    return widths;
  }
}
