package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Fields that classes of a program give a value, {@code Config.RANK}, and objects of such a class
 * have, {@code config.RANK}, with the values that one is made with.
 */
public final class ClassFields {

  private static final int MOST_FIELDS = 500;

  private final Map<String, Node> constants;
  private final String told;
  private final Map<String, Map<String, Node>> classes = new HashMap<>();

  /** Fields by which an object of any name is known. */
  private final Set<String> own = new HashSet<>();

  private String inside = "";

  /**
   * No class is known yet.
   *
   * @param constants of the program, by names with dots
   * @param told what stands before the names of fields of whichever object
   */
  public ClassFields(Map<String, Node> constants, String told) {
    this.constants = constants;
    this.told = told;
  }

  /** A statement outside of all begins, which declares a class; or empty for any other. */
  public void begin(String name) {
    inside = name;
    if (!name.isEmpty()) {
      classes.put(name, new LinkedHashMap<>());
    }
  }

  /** The class that is declared has a field. */
  public void field(String name, Node value) {
    Map<String, Node> fields = classes.get(inside);
    if (fields != null && fields.size() < MOST_FIELDS) {
      fields.put(name, value);
      constants.put(inside + '.' + name, value);
      Node other = constants.putIfAbsent(told + name, value);
      if (other != null && own.contains(name) && !Objects.equals(other.value(), value.value())) {
        // Which class an object is of, its name does not say.
        constants.remove(told + name);
      } else if (other == null) {
        own.add(name);
      }
    }
  }

  /**
   * An object is made.
   *
   * @param object the name that it is given
   * @param made the name of its class
   * @param arguments that it is made with
   */
  public void made(String object, String made, Map<String, Node> arguments) {
    Map<String, Node> fields = classes.getOrDefault(made, Map.of());
    fields.forEach(
        (name, value) -> {
          Node given = arguments.get(name);
          constants.put(object + '.' + name, given == null ? value : given);
          if (given != null && constants.containsKey(told + name)) {
            constants.put(told + name, given);
          }
        });
  }
}
