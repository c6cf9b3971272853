package dev.vramcast.input.tree;

/**
 * A character of a text.
 *
 * @param line from 1; 0 where there are no lines
 * @param column from 1; 0 where it is not known
 * @param source the text's name where it is another than the one that is read; empty where not
 */
public record Mark(int line, int column, String source) {

  /** Nowhere in particular. */
  public static final Mark NONE = new Mark(0, 0);

  /** A character of the text that is read. */
  public Mark(int line, int column) {
    this(line, column, "");
  }

  /** The same in a text of another name. */
  public Mark in(String other) {
    return new Mark(line, column, other);
  }

  /** So many characters further in its line, where the column is known. */
  public Mark further(int characters) {
    return column > 0 ? new Mark(line, column + characters, source) : this;
  }

  /** Its line, of which no column is known. */
  public Mark ofLine() {
    return new Mark(line, 0, source);
  }

  /** A line, of which no column is known. */
  public static Mark of(int line) {
    return new Mark(line, 0);
  }
}
