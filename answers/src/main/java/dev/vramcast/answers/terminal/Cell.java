package dev.vramcast.answers.terminal;

/** Text of a table with its style. */
public record Cell(String text, Style style) {

  public static Cell plain(String text) {
    return new Cell(text, Style.PLAIN);
  }

  public static Cell dim(String text) {
    return new Cell(text, Style.DIM);
  }

  public static Cell bold(String text) {
    return new Cell(text, Style.BOLD);
  }
}
