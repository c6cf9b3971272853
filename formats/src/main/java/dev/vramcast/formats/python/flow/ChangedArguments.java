package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which functions of a program give parts of their parameters another value, {@code def f(a): a.b =
 * 1}, and which names it hands to trainers as their arguments.
 */
public final class ChangedArguments {

  /** Pieces of a function that are looked at. */
  private static final int LONGEST = 5_000;

  /** What gives parts of its first argument a value, or makes another one of it. */
  private static final Set<String> SETS =
      Set.of("setattr", "replace", "dataclasses.replace", "copy.replace");

  private static final Set<String> FIRST = Set.of("0");

  private final Statements statements;
  private final List<Token> tokens;
  private final int[] closing;

  /** By the name of a function its parameters, by their places and by themselves. */
  private final Map<String, Set<String>> changed = new HashMap<>();

  private final Set<String> functions = new HashSet<>();
  private final Set<String> handed = new HashSet<>();

  /** Reads the program. */
  public ChangedArguments(Statements statements) {
    this.statements = statements;
    this.tokens = statements.tokens();
    this.closing = Statements.closing(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      if (statements.isStart(i) && statements.plainFunction(i).isPresent()) {
        function(i);
      }
      boolean called = i + 1 < tokens.size() && tokens.get(i + 1).is("(");
      if (called && tokens.get(i).text().endsWith("Trainer")) {
        trainer(i + 1);
      }
    }
  }

  /** Whether it is a function of the program, outside of classes. */
  public boolean isFunction(String name) {
    return functions.contains(name);
  }

  /**
   * The names of which a call changes what they stand for, or makes another one.
   *
   * @param start where the name of what is called begins
   * @param end where that ends
   */
  public List<String> changedBy(int start, int end) {
    String function = Token.joined(tokens.subList(start, end + 1), "");
    Set<String> parameters = SETS.contains(function) ? FIRST : changed.get(function);
    List<String> names = new ArrayList<>();
    if (parameters != null) {
      given(end + 1)
          .forEach((key, value) -> names.addAll(parameters.contains(key) ? value : List.of()));
    }
    return names;
  }

  /** Whether a trainer is handed what the name stands for as its arguments. */
  public boolean isOfTrainer(String name) {
    return handed.contains(name);
  }

  private void function(int at) {
    int named = tokens.get(at).text().equals("async") ? at + 2 : at + 1;
    String function = tokens.get(named).text();
    functions.add(function);
    if (named + 1 >= tokens.size() || !tokens.get(named + 1).is("(")) {
      return;
    }
    int close = Math.min(closing[named + 1], tokens.size());
    Set<String> given = parts(close, Math.min(statements.behind(at), close + LONGEST));
    Set<String> own = changed.computeIfAbsent(function, key -> new HashSet<>());
    int place = 0;
    for (int i = named + 2; i < close; i = Statements.expressionEnd(tokens, closing, i) + 1) {
      String parameter = tokens.get(i).text();
      if (given.contains(parameter)) {
        own.add(parameter);
        own.add(String.valueOf(place));
      }
      place++;
    }
  }

  /** Names of which statements give parts a value, {@code a.b = 1} and {@code setattr(a, ..)}. */
  private Set<String> parts(int from, int to) {
    Set<String> names = new HashSet<>();
    for (int i = from; i + 4 < to; i++) {
      boolean part = statements.isStart(i) && tokens.get(i + 1).is(".");
      if (part && (statements.isAssigned(i, i + 2) || statements.isAugmented(i, i + 2))) {
        names.add(tokens.get(i).text());
      } else if (tokens.get(i).text().equals("setattr") && tokens.get(i + 1).is("(")) {
        names.add(tokens.get(i + 2).text());
      }
    }
    return names;
  }

  private void trainer(int open) {
    handed.addAll(given(open).getOrDefault("args", List.of()));
  }

  /** By its place or keyword the name that a call is given; of anything else none. */
  private Map<String, List<String>> given(int open) {
    Map<String, List<String>> found = new HashMap<>();
    int close = Math.min(closing[open], tokens.size());
    int place = 0;
    for (int i = open + 1; i < close; ) {
      int end = Statements.expressionEnd(tokens, closing, i);
      boolean keyword = i + 2 < end && tokens.get(i + 1).is("=");
      String key = keyword ? tokens.get(i).text() : String.valueOf(place++);
      List<Token> value = tokens.subList(keyword ? i + 2 : i, end);
      if (value.stream().allMatch(token -> token.kind() == Kind.NAME || token.is("."))) {
        found.put(key, List.of(Token.joined(value, "")));
      }
      i = end + 1;
    }
    return found;
  }
}
