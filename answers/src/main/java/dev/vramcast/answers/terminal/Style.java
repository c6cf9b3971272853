package dev.vramcast.answers.terminal;

/** How a piece of text stands out on a terminal that has colours. */
public enum Style {
  PLAIN(""),
  BOLD("1"),
  DIM("2"),
  GOOD("32"),
  WARNING("33"),
  BAD("31"),
  BAR("36");

  private static final String ESCAPE = "\u001B[";

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** The text with the codes that switch this style on and off again. */
  String apply(String text) {
    return this == PLAIN || text.isBlank() ? text : ESCAPE + code + "m" + text + ESCAPE + "0m";
  }
}
