package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What objects have when they are made, of what they are given and what their classes complete. */
final class Completed {

  /** By their classes, fields with what they have whatever an object is made with. */
  private final Map<String, Map<String, Node>> fixed = new HashMap<>();

  /** By their classes, fields with what they have where an object is made without a value. */
  private final Map<String, Map<String, Node>> otherwise = new HashMap<>();

  /** A class begins with what its bases complete. */
  void begin(String name, List<String> bases) {
    for (Map<String, Map<String, Node>> inherited : List.of(fixed, otherwise)) {
      Map<String, Node> own = new HashMap<>();
      bases.forEach(base -> own.putAll(inherited.getOrDefault(base, Map.of())));
      inherited.put(name, own);
    }
  }

  /** A class gives a field a value, be it only where an object is made without one. */
  void put(String declared, String field, Node value, boolean ifNone) {
    (ifNone ? otherwise : fixed)
        .computeIfAbsent(declared, own -> new HashMap<>())
        .put(field, value);
  }

  /**
   * What an object has.
   *
   * @param value what its class gives a field
   * @param arguments by the fields that they are given to
   */
  Node has(String made, String name, Node value, Map<String, Node> arguments) {
    if (fixed.getOrDefault(made, Map.of()).containsKey(name)) {
      return value;
    }
    Node given = given(made, name, arguments.get(name));
    return given == null && arguments.containsKey(Dictionaries.OPEN)
        ? unknown(name, value)
        : given == null ? value : given;
  }

  /** What an object has of what it is made with; null where that is nothing. */
  private @Nullable Node given(String made, String name, @Nullable Node argument) {
    boolean none = argument != null && argument.isNull();
    Node instead = none ? otherwise.getOrDefault(made, Map.of()).get(name) : null;
    return instead == null ? argument : instead;
  }

  static Node unknown(String name, Node value) {
    return new Node.Scalar("<" + name + ">", value.mark());
  }
}
