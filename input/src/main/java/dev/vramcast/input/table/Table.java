package dev.vramcast.input.table;

import java.util.List;
import java.util.Set;

/**
 * Rows under named columns.
 *
 * @param source names the file in messages
 * @param columns in lower case
 */
public record Table(String source, Set<String> columns, List<Row> rows) {

  /** Rows that a table may have; the largest published catalogue has a tenth of it. */
  public static final int MAX_ROWS = 500_000;
}
