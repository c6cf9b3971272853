package dev.vramcast.input.tree;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The anchors of a YAML document; what their aliases repeat is bounded. */
final class Anchors {

  private static final int MOST_NODES = 20_000;

  private final Map<Object, Node> nodes = new HashMap<>();
  private int repeated;

  void add(Object anchor, Node node) {
    nodes.put(anchor, node);
  }

  /** What an alias at a place stands for. */
  Node node(String alias, Mark mark, Function<String, ? extends RuntimeException> failure) {
    Node node = nodes.get(alias);
    if (node == null) {
      throw failure.apply("an alias to nothing before it");
    }
    repeated += size(node);
    if (repeated > MOST_NODES) {
      throw failure.apply("aliases repeat more than " + MOST_NODES + " values");
    }
    if (node instanceof Node.Fields fields) {
      return new Node.Fields(fields.fields(), mark);
    }
    return node instanceof Node.Items items
        ? new Node.Items(items.items(), mark)
        : new Node.Scalar(node.value(), mark);
  }

  /** YAML's merge key: fields that stand here win over merged ones. */
  static void merge(Node merged, Map<String, Node> into) {
    if (merged instanceof Node.Fields fields) {
      fields.fields().forEach(into::putIfAbsent);
    } else if (merged instanceof Node.Items items) {
      items.items().forEach(item -> merge(item, into));
    }
  }

  private static int size(Node node) {
    if (node instanceof Node.Fields fields) {
      return 1 + fields.fields().values().stream().mapToInt(Anchors::size).sum();
    }
    return node instanceof Node.Items items
        ? 1 + items.items().stream().mapToInt(Anchors::size).sum()
        : 1;
  }
}
