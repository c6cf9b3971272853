package dev.vramcast.input.table;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the tables that are part of the program: a header with exactly the columns that the reader
 * knows, in any order, then a row a line, cells divided by tabs and never quoted.
 */
public final class TsvTable {

  private static final String TAB = "\t";

  private final String source;
  private final List<String> header;

  private TsvTable(String source, List<String> header) {
    this.source = source;
    this.header = header;
  }

  /**
   * The rows of a text.
   *
   * @param source names the text in messages
   * @param columns that the header has
   * @throws InputException when the header has others or lacks one, or a row is longer or shorter
   */
  public static List<TypedRow> read(String source, List<String> lines, List<String> columns) {
    if (lines.isEmpty()) {
      throw InputError.of("is empty").at(Place.of(source)).kind(ErrorKind.MALFORMED).refusal();
    }
    List<String> header = List.of(lines.get(0).split(TAB, -1));
    TsvTable table = new TsvTable(source, header);
    table.checkHeader(columns);
    List<TypedRow> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      rows.add(new TypedRow(table.row(lines.get(i), i + 1)));
    }
    return rows;
  }

  private void checkHeader(List<String> columns) {
    Set<String> missing = new LinkedHashSet<>(columns);
    for (String column : header) {
      if (!columns.contains(column)) {
        throw InputError.unknown("column", column, columns)
            .at(Place.of(source, 1, at(column)))
            .allowed(String.join(", ", columns))
            .refusal();
      }
      if (!missing.remove(column)) {
        throw failure(1, at(column), "column " + Shown.given(column) + " is there twice");
      }
    }
    if (!missing.isEmpty()) {
      throw failure(1, 1, "has no column " + String.join(", ", missing));
    }
  }

  private Row row(String line, int number) {
    String[] cells = line.split(TAB, -1);
    if (cells.length != header.size()) {
      throw failure(
          number, 1, cells.length + " cells, expected " + header.size() + " as in the header");
    }
    Map<String, Cell> byColumn = new HashMap<>();
    int column = 1;
    for (int i = 0; i < cells.length; i++) {
      byColumn.put(header.get(i), new Cell(cells[i], number, column));
      column += cells[i].length() + 1;
    }
    return new Row(source, number, byColumn, Map.of());
  }

  /** Where a column begins in the header; of several of a name the last. */
  private int at(String column) {
    List<String> before = header.subList(0, header.lastIndexOf(column));
    return 1 + before.stream().mapToInt(each -> each.length() + 1).sum();
  }

  private InputException failure(int line, int column, String what) {
    return InputError.of(what)
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(source, line, column))
        .refusal();
  }
}
