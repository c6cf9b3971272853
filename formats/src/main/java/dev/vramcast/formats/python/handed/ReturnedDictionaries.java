package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dictionaries that functions of a program make, {@code TrainingArguments(**arguments(config))}: of
 * a function that returns one, and nothing else anywhere.
 */
public final class ReturnedDictionaries {

  private static final int MOST_FUNCTIONS = 100;

  /** Names that are taken over and pieces of source that are evaluated, for all calls together. */
  private static final long MOST_STEPS = 300_000;

  private static final Pattern OBJECT = Pattern.compile("^(?:self|cls)\\.");

  /**
   * What a function returns.
   *
   * @param known names as they stand where it does
   * @param length in pieces of source
   * @param value by what is known
   */
  private record Returned(
      Map<String, Node> known, int length, Function<Map<String, Node>, Node> value) {}

  /** By their names, parameters of functions in their order, with their defaults. */
  private final Map<String, Map<String, Node>> parameters = new HashMap<>();

  private final Map<String, Returned> returned = new HashMap<>();

  /** Functions that are declared twice, or return more than one value. */
  private final Set<String> unclear = new HashSet<>();

  /** Functions that are declared twice. */
  private final Set<String> twice = new HashSet<>();

  /** Functions that are called, and of which none was known to return anything until then. */
  private final Set<String> unknown = new HashSet<>();

  private final @Nullable ReturnedDictionaries before;
  private long steps;

  /** Nothing is known yet. */
  public ReturnedDictionaries() {
    this.before = null;
  }

  /**
   * Nothing is read yet.
   *
   * @param before what an earlier reading found, which holds for functions that stand further on
   */
  public ReturnedDictionaries(ReturnedDictionaries before) {
    this.before = before;
  }

  /**
   * A function is declared.
   *
   * @param parameters in their order, with their defaults; without one, what is not known
   */
  public void declares(String function, Map<String, Node> parameters) {
    if (this.parameters.putIfAbsent(function, parameters) != null) {
      unclear.add(function);
      twice.add(function);
    }
  }

  /** By the names of functions that are declared once, parameters in their order. */
  public Map<String, Map<String, Node>> functions() {
    Map<String, Map<String, Node>> once = new HashMap<>(parameters);
    once.keySet().removeAll(twice);
    return once;
  }

  /**
   * A function returns something.
   *
   * @param known of the program until there
   * @param length of what is returned, in pieces of source
   * @param value of what is returned, by what is known
   */
  public void returns(
      String function,
      Map<String, Node> known,
      int length,
      Function<Map<String, Node>, Node> value) {
    if (returned.containsKey(function)
        || returned.size() >= MOST_FUNCTIONS
        || !isLeft(known.size() + length)
        || !(value.apply(known) instanceof Node.Fields)) {
      unclear.add(function);
    } else {
      returned.put(function, new Returned(new HashMap<>(known), length, value));
    }
  }

  private boolean isLeft(long more) {
    steps += more;
    return steps <= MOST_STEPS;
  }

  /** Whether a function that is called returns a dictionary further on. */
  public boolean isLater() {
    return unknown.stream().anyMatch(function -> returned.containsKey(function) && has(function));
  }

  /** Whether what is called by a name returns a dictionary. */
  public boolean has(String called) {
    String function = OBJECT.matcher(called).replaceFirst("");
    if (!parameters.containsKey(function)) {
      unknown.add(function);
      return before != null && before.has(function);
    }
    return returned.containsKey(function) && !unclear.contains(function);
  }

  /**
   * What a call makes; empty where that is no dictionary, or not known.
   *
   * @param called the name of the function, behind its object
   * @param arguments of the call, by keyword or by their place
   */
  public Optional<Node> of(String called, Map<String, Node> arguments) {
    String function = OBJECT.matcher(called).replaceFirst("");
    if (before != null && !parameters.containsKey(function)) {
      return before.of(function, arguments);
    }
    Returned made = returned.get(function);
    if (made == null
        || unclear.contains(function)
        || !isLeft(made.known().size() + made.length())) {
      return Optional.empty();
    }
    Map<String, Node> known = new HashMap<>(made.known());
    int place = 0;
    for (Map.Entry<String, Node> parameter : parameters(function).entrySet()) {
      if (parameter.getKey().equals("*")) {
        // Those behind it have no place.
        place = Integer.MIN_VALUE;
        continue;
      }
      Node at = arguments.getOrDefault(String.valueOf(place++), parameter.getValue());
      Node given = arguments.getOrDefault(parameter.getKey(), at);
      boolean open = given instanceof Node.Scalar && !(given.value() instanceof Number);
      if (!(open && known.get(parameter.getKey()) instanceof Node.Fields)) {
        known.put(parameter.getKey(), given);
      }
    }
    return Optional.of(made.value().apply(known));
  }

  private Map<String, Node> parameters(String function) {
    return parameters.getOrDefault(function, Map.of());
  }
}
