package dev.vramcast.formats.python;

/**
 * A piece of a Python program.
 *
 * @param text a name, a number, an operator, or what stands between quotes
 * @param column how many characters stand before it in its line
 */
record Token(Kind kind, String text, int line, int column) {

  /** What a piece is. */
  enum Kind {
    NAME,
    NUMBER,
    STRING,
    OPERATOR,
    /** The end of a line outside of brackets. */
    END
  }

  boolean is(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** Whether it is a bracket behind which another one closes. */
  boolean opens() {
    return is("(") || is("[") || is("{");
  }

  boolean closes() {
    return is(")") || is("]") || is("}");
  }
}
