package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Objects that a function makes where it is handed none, {@code if config is None: config =
 * Config()} or {@code config = config or Config()}: no object of a program whose calls all hand one
 * over.
 */
public final class GuardedDefaults {

  /** Statements that are looked at; of what stands behind them nothing is left out. */
  private static final int MOST = 200;

  /** Pieces of such a statement. */
  private static final int LONGEST = 9;

  /** Calls of a function that are looked at. */
  private static final int MOST_CALLS = 1_000;

  private final List<Token> tokens;
  private final Statements statements;
  private final int[] closing;

  private GuardedDefaults(List<Token> tokens) {
    this.tokens = tokens;
    this.statements = new Statements(tokens);
    this.closing = Statements.closing(tokens);
  }

  /**
   * A default of a parameter.
   *
   * @param start where its statements begin
   * @param end behind them
   * @param parameter its name
   */
  private record Default(int start, int end, String parameter) {}

  /** The program without the statements that make such objects. */
  public static List<Token> left(List<Token> tokens) {
    return new GuardedDefaults(tokens).left();
  }

  private List<Token> left() {
    List<Default> found =
        IntStream.range(0, tokens.size())
            .filter(i -> tokens.get(i).kind() == Kind.NAME && statements.isStart(i))
            .mapToObj(this::at)
            .flatMap(Optional::stream)
            .limit(MOST)
            .filter(this::isHanded)
            .toList();
    if (found.isEmpty()) {
      return tokens;
    }
    List<Token> kept = new ArrayList<>(tokens.size());
    int from = 0;
    for (Default each : found) {
      kept.addAll(tokens.subList(from, each.start()));
      from = each.end();
    }
    kept.addAll(tokens.subList(from, tokens.size()));
    return kept;
  }

  private Optional<Default> at(int start) {
    int end = statements.lineEnd(start);
    if (end - start > LONGEST) {
      return Optional.empty();
    }
    String line = Token.joined(tokens.subList(start, end), " ");
    if (line.matches("(\\w+) = \\1 or \\w+ \\( \\)")) {
      return Optional.of(new Default(start, end, tokens.get(start).text()));
    }
    boolean asks = line.matches("if (?:\\w+ is None|not \\w+) :");
    int made = Math.min(end + 1, tokens.size());
    int behind = asks ? statements.lineEnd(made) : made;
    String name = asks ? tokens.get(line.startsWith("if not ") ? start + 2 : start + 1).text() : "";
    String makes = Token.joined(tokens.subList(made, behind), " ");
    int next = behind + 1;
    boolean alone =
        next >= tokens.size()
            || tokens.get(next).column() <= tokens.get(start).column()
                && !tokens.get(next).text().matches("else|elif");
    return asks && alone && makes.matches(name + " = \\w+ \\( \\)")
        ? Optional.of(new Default(start, behind, name))
        : Optional.empty();
  }

  /** Whether it is of a parameter that all calls hand over, of which there are some. */
  private boolean isHanded(Default guarded) {
    int def = declares(guarded.start(), "def");
    if (def < 0 || def + 2 >= tokens.size() || !tokens.get(def + 2).is("(")) {
      return false;
    }
    List<String> parameters =
        arguments(def + 2).stream()
            .map(part -> part.get(0).text())
            .filter(name -> !name.equals("self"))
            .toList();
    int place = parameters.indexOf(guarded.parameter());
    String called = tokens.get(def + 1).text();
    if (called.equals("__init__")) {
      int made = declares(def, "class");
      called = made < 0 ? called : tokens.get(made + 1).text();
    }
    String name = called;
    List<Integer> calls =
        IntStream.range(1, tokens.size() - 1)
            .filter(i -> tokens.get(i).text().equals(name) && tokens.get(i + 1).is("("))
            .filter(
                i -> tokens.get(i).kind() == Kind.NAME && !Statements.declares(tokens.get(i - 1)))
            .limit(MOST_CALLS)
            .boxed()
            .toList();
    return place >= 0
        && !calls.isEmpty()
        && calls.stream().allMatch(call -> hands(call + 1, place, guarded.parameter()));
  }

  /** Where the function, or the class, is declared that a statement stands in; -1 for none. */
  private int declares(int at, String word) {
    int column = tokens.get(at).column();
    for (int i = at - 1; i >= 0; i--) {
      if (tokens.get(i).column() < column && statements.isStart(i)) {
        if (tokens.get(i).text().equals(word)) {
          return i;
        }
        column = tokens.get(i).kind() == Kind.END ? column : tokens.get(i).column();
      }
    }
    return -1;
  }

  private boolean hands(int open, int place, String parameter) {
    List<List<Token>> arguments = arguments(open);
    for (int i = 0; i < arguments.size(); i++) {
      List<Token> argument = arguments.get(i);
      boolean named = argument.size() > 2 && argument.get(1).is("=");
      if (named ? argument.get(0).text().equals(parameter) : i == place) {
        Token value = argument.get(named ? 2 : 0);
        return !value.is("*") && !value.is("**") && !value.text().equals("None");
      }
    }
    return false;
  }

  /** What stands between the commas of a bracket. */
  private List<List<Token>> arguments(int open) {
    return Statements.parts(tokens, closing, open).stream()
        .filter(part -> part[0] < part[1])
        .map(part -> tokens.subList(part[0], part[1]))
        .toList();
  }
}
