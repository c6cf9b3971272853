package dev.vramcast.input.table;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a table.
 *
 * @param source names the file in messages
 * @param line where it begins
 * @param cells by column, whose names are in lower case
 * @param titles what the file calls columns, by their names in lower case
 */
public record Row(String source, int line, Map<String, Cell> cells, Map<String, String> titles) {

  /** A column as the file calls it. */
  public Subject title(String column) {
    return new Subject.Item(titles.getOrDefault(column, column));
  }

  /** What stands in a column, without blanks around it; empty when nothing does. */
  public Optional<String> text(String column) {
    return Optional.ofNullable(cells.get(column))
        .map(cell -> cell.text().strip())
        .filter(text -> !text.isEmpty());
  }

  /** Where a column stands in the row; the row where it has none. */
  public Place.Line at(String column) {
    Cell cell = cells.get(column);
    return cell == null ? Place.of(source, line) : Place.of(source, cell.line(), cell.column());
  }

  /** Says that a cell cannot be used; as {@code prices.csv:12:5: count is 'x', allowed: ...}. */
  public InputException failure(String column, String expected) {
    return error(column, expected).refusal();
  }

  InputError error(String column, String expected) {
    String given = text(column).map(Shown::given).orElse("missing");
    return InputError.about(title(column)).at(at(column)).and(" is ", given).allowed(expected);
  }
}
