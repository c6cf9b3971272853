package dev.vramcast.input.table;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.text.TextLines.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.csv.CsvFactory;
import tools.jackson.dataformat.csv.CsvReadFeature;

/**
 * Reads CSV as RFC 4180 has it: a header, commas, double quotes around cells that need them. Rows
 * that are longer or shorter than the header are refused, since a file that was cut off has one;
 * blank lines are not, nor commas between braces, which some programs forget to quote.
 */
public final class CsvTable {

  private static final int MAX_COLUMNS = 1_000;
  private static final int MAX_CELL = 1 << 16;

  private static final CsvFactory FACTORY =
      CsvFactory.builder()
          .enable(CsvReadFeature.WRAP_AS_ARRAY)
          .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(MAX_CELL).build())
          .build();

  private final String source;
  private final CsvRecords records;

  private CsvTable(String source, CsvRecords records) {
    this.source = source;
    this.records = records;
  }

  /**
   * The table in a text.
   *
   * @param source names the text in messages
   */
  public static Table read(String source, String text) {
    return new CsvTable(source, CsvRecords.of(text)).table();
  }

  /**
   * The cells of a single record, without blanks around them.
   *
   * @param place of the record
   */
  public static List<String> record(String text, Place.Line place) {
    return cells(place.source(), (int) place.line(), text).stream()
        .map(cell -> cell.text().strip())
        .toList();
  }

  /**
   * Where a cell of a record begins, from 0; the record's own place where there is no such cell.
   */
  public static Place.Line place(String text, Place.Line record, int cell) {
    List<Cell> cells = cells(record.source(), (int) record.line(), text);
    if (cell < 0 || cell >= cells.size()) {
      return record;
    }
    return Place.of(record.source(), cells.get(cell).line(), cells.get(cell).column());
  }

  private Table table() {
    List<Cell> header = nextCells();
    if (header.isEmpty()) {
      throw InputError.of("is empty").at(Place.of(source)).kind(ErrorKind.MALFORMED).refusal();
    }
    Map<String, Cell> columns = new LinkedHashMap<>();
    Map<String, String> titles = new HashMap<>();
    for (Cell cell : header) {
      String name = cell.text().strip().toLowerCase(Locale.ROOT);
      if (columns.putIfAbsent(name, cell) != null) {
        throw failure(cell, "column " + Shown.given(cell.text()) + " is there twice");
      }
      titles.put(name, cell.text().strip());
    }
    List<String> names = List.copyOf(columns.keySet());
    List<Row> rows = new ArrayList<>();
    for (List<Cell> cells = nextCells(); !cells.isEmpty(); cells = nextCells()) {
      if (rows.size() == Table.MAX_ROWS) {
        throw failure(cells.get(0), "more than " + Table.MAX_ROWS + " rows");
      }
      rows.add(row(names, titles, cells));
    }
    return new Table(source, columns, rows);
  }

  /** The cells of the next record that is not blank; none at the end. */
  private List<Cell> nextCells() {
    for (Line record = nextRecord(); record != null; record = nextRecord()) {
      if (!record.fault().isEmpty()) {
        throw InputError.of(record.fault())
            .kind(ErrorKind.MALFORMED)
            .at(Place.of(source, record.number()))
            .refusal();
      }
      List<Cell> cells = cells(source, (int) record.number(), record.text());
      if (cells.size() > 1 || !cells.get(0).text().isBlank()) {
        return cells;
      }
    }
    return List.of();
  }

  private @Nullable Line nextRecord() {
    try {
      return records.next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The cells of a record.
   *
   * @param line in which it begins, from 1
   */
  private static List<Cell> cells(String source, int line, String record) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), record)) {
      List<Cell> cells = new ArrayList<>();
      parser.nextToken();
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        TokenStreamLocation at = parser.currentTokenLocation();
        cells.add(new Cell(parser.getString(), line + at.getLineNr() - 1, at.getColumnNr()));
        if (cells.size() > MAX_COLUMNS) {
          throw InputError.of("more than ", MAX_COLUMNS, " cells in a row")
              .kind(ErrorKind.MALFORMED)
              .at(Place.of(source, line, 1))
              .refusal();
        }
      }
      return cells;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      int row = at == null ? line : line + Math.max(1, at.getLineNr()) - 1;
      throw InputError.of("not valid CSV: ", reason(e))
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(source, row, at == null ? 0 : at.getColumnNr()))
          .refusal(e);
    }
  }

  private Row row(List<String> columns, Map<String, String> titles, List<Cell> given) {
    List<Cell> cells = given.size() > columns.size() ? Braces.joined(given) : given;
    if (cells.size() != columns.size()) {
      throw failure(
          cells.get(0), cells.size() + " cells, expected " + columns.size() + " as in the header");
    }
    Map<String, Cell> byColumn = new HashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      byColumn.put(columns.get(i), cells.get(i));
    }
    return new Row(source, cells.get(0).line(), byColumn, titles);
  }

  private InputException failure(Cell cell, String what) {
    return InputError.of(what)
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(source, cell.line(), cell.column()))
        .refusal();
  }

  private static String reason(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    return message.contains("maximum allowed")
        ? "a cell has more than " + MAX_CELL + " characters"
        : Shown.oneLine(message.lines().findFirst().orElse(""));
  }
}
