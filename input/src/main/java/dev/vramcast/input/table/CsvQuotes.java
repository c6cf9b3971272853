package dev.vramcast.input.table;

/**
 * The quotes of a record, as RFC 4180 has them: a cell is quoted as a whole or not at all, and a
 * quote within a quoted cell is written twice. The record is read line by line.
 */
final class CsvQuotes {

  private static final String INSIDE = "has a quote inside a cell that does not begin with one";
  private static final String BEHIND = "has text behind the closing quote of a cell";

  private State state = State.START;
  private String fault = "";

  private enum State {
    /** Before the first character of a cell. */
    START,
    PLAIN,
    QUOTED,
    /** Behind a quote in a quoted cell, which closes it, or is the first of two. */
    QUOTE
  }

  /** Reads a line of the record, without its line feed. */
  void line(String text) {
    int end = text.endsWith("\r") ? text.length() - 1 : text.length();
    for (int i = 0; i < end && fault.isEmpty(); i++) {
      state = next(text.charAt(i));
    }
    // What is open goes on in the next line.
    state = state == State.QUOTED ? State.QUOTED : State.START;
  }

  private State next(char c) {
    return switch (state) {
      case START -> c == '"' ? State.QUOTED : c == ',' ? State.START : State.PLAIN;
      case PLAIN -> c == '"' ? faulty(INSIDE) : c == ',' ? State.START : State.PLAIN;
      case QUOTED -> c == '"' ? State.QUOTE : State.QUOTED;
      case QUOTE -> c == '"' ? State.QUOTED : c == ',' ? State.START : faulty(BEHIND);
    };
  }

  private State faulty(String what) {
    fault = what;
    return State.START;
  }

  /** Whether the record goes on in the next line. */
  boolean isOpen() {
    return fault.isEmpty() && state == State.QUOTED;
  }

  /** What is wrong with it; empty when nothing is. */
  String fault() {
    return fault;
  }
}
