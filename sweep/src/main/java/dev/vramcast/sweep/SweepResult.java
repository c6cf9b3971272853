package dev.vramcast.sweep;

import java.util.Optional;

/** One row of a table: a cell for each {@link Column}, some of them empty. */
public final class SweepResult {

  private final Object[] cells;

  /** Takes the array over. */
  SweepResult(Object[] cells) {
    this.cells = cells;
  }

  /** What stands in a column, typed as it says; null when the cell is empty. */
  public Object value(Column column) {
    return cells[column.ordinal()];
  }

  /** All cells in the order of the columns, empty ones as null: a copy. */
  public Object[] values() {
    return cells.clone();
  }

  /** Why the row, or the rest of it, is empty. */
  public Optional<String> error() {
    return Optional.ofNullable((String) value(Column.ERROR));
  }
}
