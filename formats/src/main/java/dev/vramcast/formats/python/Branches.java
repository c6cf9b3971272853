package dev.vramcast.formats.python;

import dev.vramcast.formats.python.Token.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Which statements of a program run, as far as conditions are known. Where one is not known, all of
 * its branches are read.
 */
final class Branches {

  private static final Set<String> OTHERWISE = Set.of("elif", "else");

  private final List<Token> tokens;

  /** By the column of an {@code if} of which a branch is known to run. */
  private final NavigableMap<Integer, Boolean> decided = new TreeMap<>();

  /** By the column of a function the names that its callers give values to. */
  private final NavigableMap<Integer, Set<String>> parameters = new TreeMap<>();

  /** By its column the name of a function that a statement stands in. */
  private final NavigableMap<Integer, String> functions = new TreeMap<>();

  Branches(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * Where reading goes on from the start of a statement: there, or behind the block that does not
   * run.
   *
   * @param holds whether the condition from a place up to another one holds; empty where that is
   *     not known
   */
  int next(int start, BiFunction<Integer, Integer, Optional<Boolean>> holds) {
    int at = start;
    while (at < tokens.size() && tokens.get(at).kind() == Kind.NAME) {
      Token first = tokens.get(at);
      boolean otherwise = OTHERWISE.contains(first.text());
      boolean ran = otherwise && decided.containsKey(first.column());
      leave(first.column());
      boolean defines = first.text().equals("def") || first.text().equals("async");
      if (defines && at + 2 < tokens.size()) {
        boolean async = first.text().equals("async");
        parameters.put(first.column(), names(at));
        functions.put(first.column(), tokens.get(at + (async ? 2 : 1)).text());
      }
      if (!ran && !runs(at, holds)) {
        at = behind(at);
      } else if (ran) {
        decided.put(first.column(), true);
        at = behind(at);
      } else {
        return at;
      }
    }
    return at;
  }

  /** The outermost function that the last statement stands in; empty for none. */
  String function() {
    return functions.isEmpty() ? "" : functions.firstEntry().getValue();
  }

  /** Blocks that a statement in this column is behind. */
  private void leave(int column) {
    decided.tailMap(column, true).clear();
    parameters.tailMap(column, true).clear();
    functions.tailMap(column, true).clear();
  }

  private boolean runs(int at, BiFunction<Integer, Integer, Optional<Boolean>> holds) {
    String word = tokens.get(at).text();
    if (!word.equals("if") && !word.equals("elif")) {
      return true;
    }
    int colon = colon(at);
    if (colon <= at + 1 || isOpen(at + 1, colon)) {
      return true;
    }
    Optional<Boolean> known = holds.apply(at + 1, colon);
    if (known.orElse(false)) {
      decided.put(tokens.get(at).column(), true);
    }
    return known.orElse(true);
  }

  /** Whether a condition names what callers of its function give. */
  private boolean isOpen(int start, int end) {
    return tokens.subList(start, end).stream()
        .filter(token -> token.kind() == Kind.NAME)
        .anyMatch(token -> parameters.values().stream().anyMatch(n -> n.contains(token.text())));
  }

  /** The colon behind a condition; -1 where the line ends before. */
  private int colon(int at) {
    int depth = 0;
    for (int i = at + 1; i < tokens.size() && tokens.get(i).kind() != Kind.END; i++) {
      depth += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
      if (depth == 0 && tokens.get(i).is(":")) {
        return i;
      }
    }
    return -1;
  }

  /** The first statement that is no deeper than one; the end where there is none. */
  private int behind(int at) {
    int column = tokens.get(at).column();
    for (int i = at + 1; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean starts = tokens.get(i - 1).kind() == Kind.END && token.kind() != Kind.END;
      if (starts && token.column() <= column) {
        return i;
      }
    }
    return tokens.size();
  }

  /** Names of a function's parameters; arguments of a program are known by their defaults. */
  private Set<String> names(int def) {
    Set<String> names = new HashSet<>();
    int depth = 0;
    for (int i = def + 1; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.opens() ? 1 : token.closes() ? -1 : 0;
      if (depth == 0 && (token.closes() || token.kind() == Kind.END)) {
        return names;
      }
      Token before = tokens.get(i - 1);
      boolean parameter = depth == 1 && (before.is("(") || before.is(",") || before.is("*"));
      if (parameter
          && token.kind() == Kind.NAME
          && !Expression.ARGUMENTS.matcher(token.text()).matches()) {
        names.add(token.text());
      }
    }
    return names;
  }
}
