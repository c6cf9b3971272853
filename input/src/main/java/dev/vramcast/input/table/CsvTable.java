package dev.vramcast.input.table;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
  private final JsonParser parser;

  private CsvTable(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /**
   * The table in a text.
   *
   * @param source names the text in messages
   */
  public static Table read(String source, String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return new CsvTable(source, parser).table();
    } catch (JacksonException e) {
      throw InputError.of("not valid CSV: ", reason(e))
          .at(place(source, e.getLocation()))
          .refusal(e);
    }
  }

  /**
   * The cells of a single record, without blanks around them.
   *
   * @param place of the record
   */
  public static List<String> record(String text, Place.Line place) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      CsvTable table = new CsvTable(place.source(), parser);
      parser.nextToken();
      return table.nextCells().stream().map(cell -> cell.text().strip()).toList();
    } catch (JacksonException e) {
      throw InputError.of("is not readable as CSV").at(place).refusal(e);
    }
  }

  private Table table() {
    parser.nextToken();
    List<Cell> header = nextCells();
    if (header.isEmpty()) {
      throw InputError.of("is empty").at(Place.of(source)).refusal();
    }
    Set<String> columns = new LinkedHashSet<>();
    for (Cell cell : header) {
      if (!columns.add(cell.text().strip().toLowerCase(Locale.ROOT))) {
        throw failure(cell, "column " + Shown.given(cell.text()) + " is there twice");
      }
    }
    List<String> names = List.copyOf(columns);
    List<Row> rows = new ArrayList<>();
    for (List<Cell> cells = nextCells(); !cells.isEmpty(); cells = nextCells()) {
      if (rows.size() == Table.MAX_ROWS) {
        throw failure(cells.get(0), "more than " + Table.MAX_ROWS + " rows");
      }
      rows.add(row(names, cells));
    }
    return new Table(source, columns, rows);
  }

  /** The cells of the next line that is not blank; none at the end. */
  private List<Cell> nextCells() {
    while (parser.nextToken() == JsonToken.START_ARRAY) {
      List<Cell> cells = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        TokenStreamLocation at = parser.currentTokenLocation();
        cells.add(new Cell(parser.getString(), at.getLineNr(), at.getColumnNr()));
        if (cells.size() > MAX_COLUMNS) {
          throw failure(cells.get(0), "more than " + MAX_COLUMNS + " cells in a row");
        }
      }
      if (cells.size() > 1 || !cells.get(0).text().isBlank()) {
        return cells;
      }
    }
    return List.of();
  }

  private Row row(List<String> columns, List<Cell> given) {
    List<Cell> cells = given.size() > columns.size() ? Braces.joined(given) : given;
    if (cells.size() != columns.size()) {
      throw failure(
          cells.get(0), cells.size() + " cells, expected " + columns.size() + " as in the header");
    }
    Map<String, Cell> byColumn = new HashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      byColumn.put(columns.get(i), cells.get(i));
    }
    return new Row(source, cells.get(0).line(), byColumn);
  }

  private InputException failure(Cell cell, String what) {
    return InputError.of(what).at(Place.of(source, cell.line(), cell.column())).refusal();
  }

  private static Place place(String source, TokenStreamLocation at) {
    return at == null ? Place.of(source) : Place.of(source, at.getLineNr(), at.getColumnNr());
  }

  private static String reason(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    return message.contains("maximum allowed")
        ? "a cell has more than " + MAX_CELL + " characters"
        : Shown.oneLine(message.lines().findFirst().orElse(""));
  }
}
