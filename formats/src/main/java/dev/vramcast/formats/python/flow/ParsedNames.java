package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.flow.GivenName.Given;
import dev.vramcast.formats.python.flow.GivenName.Range;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Arguments of a program under whichever name it gives them, {@code A = parser.parse_args()}: the
 * pieces that are this name, and not another one that is written so.
 */
public final class ParsedNames {

  /**
   * Pieces from a name to what parses: {@code ns, _ = argparse.ArgumentParser().parse_known_args}.
   */
  private static final int FARTHEST = 16;

  /** Places that give a name something; of one with more nothing is known. */
  private static final int MOST = 200;

  private static final List<String> PARSES =
      List.of("parse_args", "parse_known_args", "parse_args_into_dataclasses");

  private ParsedNames() {}

  /**
   * The program with that name marked where it stands for them: not in a function, a comprehension
   * or the like that gives the name something itself, and nowhere at all where anything else gives
   * it something in the scope that parses.
   */
  public static List<Token> marked(List<Token> tokens) {
    Statements statements = new Statements(tokens);
    int parsed = -1;
    for (int i = 0; i < tokens.size(); i++) {
      boolean name = tokens.get(i).kind() == Kind.NAME && statements.isStart(i);
      if (name && parses(tokens, i) && !Pieces.isArguments(tokens.get(i))) {
        if (parsed >= 0) {
          return tokens;
        }
        parsed = i;
      }
    }
    return parsed < 0 ? tokens : marked(statements, parsed);
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

  private static List<Token> marked(Statements statements, int parsed) {
    GivenName name = new GivenName(statements, statements.tokens().get(parsed).text());
    Range home = name.scope(parsed);
    List<Range> others = new ArrayList<>();
    if (name.all().size() > MOST) {
      return statements.tokens();
    }
    for (Given given : name.all()) {
      if (given.at() != parsed && given.scope().holds(parsed)) {
        return statements.tokens();
      }
      if (given.at() != parsed) {
        others.add(given.scope());
      }
    }
    List<Token> tokens = new ArrayList<>(statements.tokens());
    for (int i = home.start(); i < home.end(); i++) {
      int at = i;
      if (name.isAt(i) && others.stream().noneMatch(other -> other.holds(at))) {
        tokens.set(i, tokens.get(i).ofParsed());
      }
    }
    return tokens;
  }
}
