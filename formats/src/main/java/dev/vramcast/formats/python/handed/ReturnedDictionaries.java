package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Dictionaries that functions of a program make, {@code TrainingArguments(**arguments(config))}: of
 * a function that returns one, and nothing else anywhere.
 */
public final class ReturnedDictionaries {

  private static final int MOST_FUNCTIONS = 100;

  private static final Pattern OBJECT = Pattern.compile("^(?:self|cls)\\.");

  /**
   * What a function returns.
   *
   * @param known names as they stand where it does
   * @param value by what is known
   */
  private record Returned(Map<String, Node> known, Function<Map<String, Node>, Node> value) {}

  /** By their names, parameters of functions in their order, with their defaults. */
  private final Map<String, Map<String, Node>> parameters = new HashMap<>();

  private final Map<String, Returned> returned = new HashMap<>();

  /** Functions that are declared twice, or return more than one value. */
  private final Set<String> unclear = new HashSet<>();

  /**
   * A function is declared.
   *
   * @param parameters in their order, with their defaults; without one, what is not known
   */
  public void declares(String function, Map<String, Node> parameters) {
    if (this.parameters.putIfAbsent(function, parameters) != null) {
      unclear.add(function);
    }
  }

  /**
   * A function returns something.
   *
   * @param known of the program until there
   * @param value of what is returned, by what is known
   */
  public void returns(
      String function, Map<String, Node> known, Function<Map<String, Node>, Node> value) {
    if (returned.containsKey(function) || !(value.apply(known) instanceof Node.Fields)) {
      unclear.add(function);
    } else if (returned.size() < MOST_FUNCTIONS) {
      returned.put(function, new Returned(new HashMap<>(known), value));
    }
  }

  /** Whether what is called by a name returns a dictionary. */
  public boolean has(String called) {
    String function = OBJECT.matcher(called).replaceFirst("");
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
    Returned made = returned.get(function);
    if (made == null || unclear.contains(function)) {
      return Optional.empty();
    }
    Map<String, Node> known = new HashMap<>(made.known());
    int place = 0;
    for (Map.Entry<String, Node> parameter : parameters(function).entrySet()) {
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
