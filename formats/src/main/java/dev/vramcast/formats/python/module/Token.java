package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Mark;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A piece of a Python program.
 *
 * @param text a name, a number, an operator, or what stands between quotes
 * @param mark where it begins in its file
 * @param column how many characters stand before it in its line of the program
 * @param parsed whether it is a name of what the program has parsed of its command
 */
public record Token(Kind kind, String text, Mark mark, int column, boolean parsed) {

  /** A piece of which nothing more is known. */
  public Token(Kind kind, String text, Mark mark, int column) {
    this(kind, text, mark, column, false);
  }

  /** The name of what the program has parsed of its command. */
  public Token ofParsed() {
    return new Token(kind, text, mark, column, true);
  }

  /** What a piece is. */
  public enum Kind {
    NAME,
    NUMBER,
    STRING,
    /** A string that puts values in. */
    FORMAT,
    OPERATOR,
    /** The end of a statement: of a line outside of brackets, or a semicolon there. */
    END
  }

  public int line() {
    return mark.line();
  }

  public boolean is(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** The texts of tokens with something between them. */
  public static String joined(List<Token> tokens, String between) {
    return tokens.stream().map(Token::text).collect(Collectors.joining(between));
  }

  /** Whether it is a bracket behind which another one closes. */
  public boolean opens() {
    return is("(") || is("[") || is("{");
  }

  /** Whether it is an operator that compares what stands around it. */
  public boolean compares() {
    return kind == Kind.OPERATOR && Set.of("<", ">", "<=", ">=", "==", "!=").contains(text);
  }

  public boolean closes() {
    return is(")") || is("]") || is("}");
  }
}
