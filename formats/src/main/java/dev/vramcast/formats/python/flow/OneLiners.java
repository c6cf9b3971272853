package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Statements that stand in one line, as they are where each has a line of its own. */
public final class OneLiners {

  private static final Set<String> HEADS =
      Set.of(
          "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "async", "def",
          "class", "case");

  private OneLiners() {}

  /**
   * The program with an end behind the colon of {@code if fast: size = 1}, and with what follows a
   * head or a semicolon in the column that it would have.
   */
  public static List<Token> parted(List<Token> tokens) {
    Statements statements = new Statements(tokens);
    List<Token> parted = new ArrayList<>(tokens.size());
    int column = 0;
    int at = 0;
    while (at < tokens.size()) {
      int end = statements.lineEnd(at);
      Token first = tokens.get(at);
      column = isSameLine(tokens, at) ? column : first.column();
      if (end > at) {
        parted.add(in(column, first));
      }
      int colon = end > at && HEADS.contains(first.text()) ? statements.colon(at) : -1;
      // case: int = 3 is a field.
      boolean head = colon > at + (first.text().equals("case") ? 1 : 0) && colon + 1 < end;
      if (head) {
        parted.addAll(tokens.subList(at + 1, colon + 1));
        Token sign = tokens.get(colon);
        parted.add(new Token(Kind.END, "", sign.mark(), sign.column()));
        column++;
        parted.add(in(column, tokens.get(colon + 1)));
        parted.addAll(tokens.subList(colon + 2, end));
      } else if (end > at) {
        parted.addAll(tokens.subList(at + 1, end));
      }
      if (end < tokens.size()) {
        parted.add(tokens.get(end));
      }
      at = end + 1;
    }
    return parted;
  }

  /** Whether a statement follows another one in its line. */
  private static boolean isSameLine(List<Token> tokens, int at) {
    return at > 0 && tokens.get(at - 1).text().equals(";");
  }

  private static Token in(int column, Token token) {
    return new Token(token.kind(), token.text(), token.mark(), column);
  }
}
