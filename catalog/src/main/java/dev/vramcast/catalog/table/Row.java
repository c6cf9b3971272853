package dev.vramcast.catalog.table;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a table.
 *
 * @param source names the file in messages
 * @param line where it begins
 * @param cells by column, whose names are in lower case
 */
public record Row(String source, int line, Map<String, Cell> cells) {

  /** What stands in a column, without blanks around it; empty when nothing does. */
  public Optional<String> text(String column) {
    return Optional.ofNullable(cells.get(column))
        .map(cell -> cell.text().strip())
        .filter(text -> !text.isEmpty());
  }

  /** As {@code prices.csv:12:5}. */
  public String place(String column) {
    Cell cell = cells.get(column);
    return source + ":" + (cell == null ? line + "" : cell.line() + ":" + cell.column());
  }

  /** Says that a cell cannot be used; as {@code prices.csv:12:5: count is 'x', expected ...}. */
  public InputException failure(String column, String expected) {
    String given = text(column).map(Shown::given).orElse("missing");
    return new InputException(
        place(column) + ": " + column + " is " + given + ", expected " + expected);
  }
}
