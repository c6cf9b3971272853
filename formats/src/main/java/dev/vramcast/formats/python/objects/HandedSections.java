package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Parts of the file of settings that functions of a program are handed under names of their own,
 * {@code build(config["model"])} of {@code def build(model_config)}.
 */
public final class HandedSections {

  /** By what they say, as a call has another place for what it is handed. */
  private final Map<Object, Node> parts = new HashMap<>();

  private final Map<String, Node> handed = new HashMap<>();

  /** Parameters that a call hands something else, or another part. */
  private final Set<String> open = new HashSet<>();

  private HandedSections(Node file) {
    collect(file);
  }

  /**
   * By names of parameters, the part that all calls of all functions with one hand them.
   *
   * @param file what the program loads
   * @param calls of the program
   * @param functions by their names, their parameters in their order
   */
  public static Map<String, Node> in(
      Node file, List<Call> calls, Map<String, Map<String, Node>> functions) {
    HandedSections sections = new HandedSections(file);
    for (Call call : calls) {
      String name = call.name().substring(call.name().lastIndexOf('.') + 1);
      Map<String, Node> around = functions.getOrDefault(call.function(), Map.of());
      sections.called(
          call.arguments(), functions.getOrDefault(name, Map.of()).keySet(), around.keySet());
    }
    sections.handed.keySet().removeAll(sections.open);
    return sections.handed;
  }

  private void collect(Node node) {
    if (node instanceof Node.Fields fields) {
      parts.putIfAbsent(fields.value(), node);
      fields.fields().values().forEach(this::collect);
    }
  }

  /**
   * A function is called.
   *
   * @param parameters that it has
   * @param around parameters of the function that the call stands in, which it may hand on
   */
  private void called(Map<String, Node> arguments, Set<String> parameters, Set<String> around) {
    int place = 0;
    for (String parameter : parameters) {
      Node placed = arguments.get(String.valueOf(place++));
      Node node = arguments.getOrDefault(parameter, placed);
      if (node != null
          && around.contains(parameter)
          && ("<" + parameter + ">").equals(node.value())) {
        continue;
      }
      boolean told = node instanceof Node.Fields && !arguments.containsKey(Dictionaries.OPEN);
      Node part = told ? parts.get(Objects.requireNonNull(node).value()) : null;
      if (part == null || handed.getOrDefault(parameter, part) != part) {
        open.add(parameter);
      } else {
        handed.put(parameter, part);
      }
    }
  }
}
