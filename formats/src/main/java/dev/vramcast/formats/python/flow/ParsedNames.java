package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Arguments of a program under whichever name it gives them, {@code A = parser.parse_args()}, as
 * under a usual one.
 */
public final class ParsedNames {

  private static final String USUAL = "parsed_args";

  /**
   * Pieces from a name to what parses: {@code ns, _ = argparse.ArgumentParser().parse_known_args}.
   */
  private static final int FARTHEST = 16;

  private static final Set<String> PARSES = Set.of("parse_args", "parse_known_args");

  private ParsedNames() {}

  /** The program with that name for them, where nothing else has it or theirs. */
  public static List<Token> usual(List<Token> tokens) {
    Statements statements = new Statements(tokens);
    Set<String> names = new HashSet<>();
    int given = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind() != Kind.NAME || statements.isDotted(i)) {
        continue;
      }
      if (token.text().equals(USUAL)) {
        return tokens;
      }
      if (statements.isStart(i) && parses(tokens, i) && !Pieces.isArguments(token)) {
        names.add(token.text());
      }
    }
    if (names.size() != 1) {
      return tokens;
    }
    String name = names.iterator().next();
    for (int i = 0; i < tokens.size(); i++) {
      given += isGiven(statements, i, name) ? 1 : 0;
    }
    return given == 1 ? renamed(statements, name) : tokens;
  }

  private static boolean parses(List<Token> tokens, int at) {
    int end = Math.min(tokens.size() - 1, at + FARTHEST);
    boolean assigned = false;
    for (int i = at + 1; i < end && tokens.get(i).kind() != Kind.END; i++) {
      assigned |= tokens.get(i).is("=");
      if (PARSES.contains(tokens.get(i).text()) && tokens.get(i + 1).is("(")) {
        return assigned && (tokens.get(at + 1).is("=") || tokens.get(at + 1).is(","));
      }
    }
    return false;
  }

  /**
   * Whether a name is given something: it is assigned, or one of a loop, a parameter, an import.
   */
  private static boolean isGiven(Statements statements, int at, String name) {
    List<Token> tokens = statements.tokens();
    Token token = tokens.get(at);
    if (token.kind() != Kind.NAME || !token.text().equals(name) || statements.isDotted(at)) {
      return false;
    }
    String before = at == 0 ? "" : tokens.get(at - 1).text();
    Token behind = at + 1 < tokens.size() ? tokens.get(at + 1) : token;
    boolean declared = Set.of("for", "as", "lambda", "def", "class", "import").contains(before);
    return declared || behind.is("=") || statements.isStart(at) && behind.is(",");
  }

  private static List<Token> renamed(Statements statements, String name) {
    List<Token> tokens = new ArrayList<>(statements.tokens());
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind() == Kind.NAME && token.text().equals(name) && !statements.isDotted(i)) {
        tokens.set(i, new Token(Kind.NAME, USUAL, token.mark(), token.column()));
      }
    }
    return tokens;
  }
}
