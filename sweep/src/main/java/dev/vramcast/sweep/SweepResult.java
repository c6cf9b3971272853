package dev.vramcast.sweep;

import java.util.Optional;

/** One row of a table: a cell for each {@link Column}, some of them empty. */
public final class SweepResult {

  private final Object[] cells;
  private final Optional<String> reason;

  /** Takes the array over. */
  SweepResult(Object[] cells) {
    this(cells, Optional.empty());
  }

  /**
   * Takes the array over.
   *
   * @param reason of the error without its place, which is another in each row of a table
   */
  SweepResult(Object[] cells, Optional<String> reason) {
    this.cells = cells;
    this.reason = reason;
  }

  /** What stands in a column, typed as it says; null when the cell is empty. */
  public Object value(Column column) {
    return cells[column.ordinal()];
  }

  /** All cells in the order of the columns, empty ones as null: a copy. */
  public Object[] values() {
    return cells.clone();
  }

  /** As {@link #error()}, in words that rows with the same error have in common. */
  public Optional<String> reason() {
    return reason.or(this::error);
  }

  /** Why the row, or the rest of it, is empty. */
  public Optional<String> error() {
    return Optional.ofNullable((String) value(Column.ERROR));
  }
}
