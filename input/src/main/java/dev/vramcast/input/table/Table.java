package dev.vramcast.input.table;

import dev.vramcast.core.input.Place;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows under named columns.
 *
 * @param source names the file in messages
 * @param header what stands in the header, by its text in lower case; where a file has no header,
 *     the first key of a name
 */
public record Table(String source, Map<String, Cell> header, List<Row> rows) {

  /** Rows that a table may have; the largest published catalogue has a tenth of it. */
  public static final int MAX_ROWS = 500_000;

  /** The columns, in lower case. */
  public Set<String> columns() {
    return header.keySet();
  }

  /** Where a column is named. */
  public Place.Line at(String column) {
    Cell cell = header.get(column);
    return cell == null ? Place.of(source) : Place.of(source, cell.line(), cell.column());
  }
}
