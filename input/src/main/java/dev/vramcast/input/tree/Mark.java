package dev.vramcast.input.tree;

/**
 * A character of a text.
 *
 * @param line from 1; 0 where there are no lines
 * @param column from 1; 0 where it is not known
 */
public record Mark(int line, int column) {

  /** Nowhere in particular. */
  public static final Mark NONE = new Mark(0, 0);

  /** A line, of which no column is known. */
  public static Mark of(int line) {
    return new Mark(line, 0);
  }
}
