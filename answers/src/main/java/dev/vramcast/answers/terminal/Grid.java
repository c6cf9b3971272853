package dev.vramcast.answers.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Rows of cells in aligned columns, indented by two blanks. */
public final class Grid {

  private static final String INDENT = "  ";
  private static final String GAP = "  ";

  /** What a column that wraps is left by wider ones before it, where it has so much text. */
  private static final int LEAST = 12;

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

  /**
   * Continues the last column on further lines where it would be cut at the terminal's edge, and
   * the widest ones before it where they leave it no room.
   */
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
    List<List<String>> texts = new ArrayList<>();
    int before = INDENT.length();
    int height = 1;
    for (int i = 0; i < row.size(); i++) {
      int width = i == row.size() - 1 ? terminal.width() - before : Math.max(1, widths[i]);
      texts.add(Wrap.lines(row.get(i).text(), width));
      height = Math.max(height, texts.get(i).size());
      before += widths[i] + GAP.length();
    }
    List<List<Cell>> parts = new ArrayList<>();
    for (int j = 0; j < height; j++) {
      List<Cell> part = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        List<String> lines = texts.get(i);
        part.add(new Cell(j < lines.size() ? lines.get(j) : "", row.get(i).style()));
      }
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
    if (wraps) {
      narrow(widths);
    }
    return widths;
  }

  /** Takes from the widest columns what the last one lacks. */
  private void narrow(int[] widths) {
    int last = widths.length - 1;
    int room = terminal.width() - INDENT.length() - last * GAP.length();
    int excess = Arrays.stream(widths, 0, last).sum() + Math.min(LEAST, widths[last]) - room;
    for (; excess > 0; excess--) {
      int widest = 0;
      for (int i = 1; i < last; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      widths[widest] = Math.max(1, widths[widest] - 1);
    }
  }
}
