package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Dictionaries and lists of which one line has two, {@code BIG if args.big else SMALL}. */
public final class Alternatives {

  private Alternatives() {}

  /**
   * The one that is taken, whose entries are choices where the other one has something else. One
   * without entries of its own, which could be none, is not known.
   *
   * @param condition under which it is taken
   * @param instead under which the other one is
   */
  public static Node of(String condition, String instead, Node taken, Node other) {
    if (taken.equals(other) || isNothing(taken) && isNothing(other)) {
      return taken;
    }
    if (taken instanceof Node.Items list) {
      return items(condition, list, other);
    }
    if (!(taken instanceof Node.Fields one)) {
      return scalar(condition, taken, other);
    }
    boolean two = other instanceof Node.Fields;
    return !two && one.fields().isEmpty()
        ? Pieces.open("{}", condition, one.mark())
        : OpenBlocks.entries(
            condition,
            one,
            two ? (Node.Fields) other : new Node.Fields(Map.of(), one.mark()),
            instead);
  }

  /** What is in a list stands for all of it; one with dictionaries in it is not known. */
  private static Node items(String condition, Node.Items taken, Node other) {
    List<Node> items = taken.items();
    if (other instanceof Node.Items list && values(list).equals(values(taken))) {
      return taken;
    }
    if (items.isEmpty() || !items.stream().allMatch(Node.Scalar.class::isInstance)) {
      return Pieces.open(items.isEmpty() ? "[]" : "[...]", condition, taken.mark());
    }
    return new Node.Items(
        items.stream().map(item -> Pieces.choice(condition, item)).toList(), taken.mark());
  }

  private static Node scalar(String condition, Node taken, Node other) {
    if (taken.value() == null) {
      return Pieces.open("None", condition, taken.mark());
    }
    boolean same = Objects.equals(Choice.taken(taken), Choice.taken(other));
    return same && other instanceof Node.Scalar ? taken : Pieces.choice(condition, taken);
  }

  /** Whether it is {@code None}, or has nothing in it, which come to the same. */
  private static boolean isNothing(Node node) {
    return node instanceof Node.Items list
        ? list.items().isEmpty()
        : node instanceof Node.Fields fields ? fields.fields().isEmpty() : node.value() == null;
  }

  private static List<?> values(Node.Items list) {
    return list.items().stream()
        .map(item -> item instanceof Node.Scalar ? Choice.taken(item) : item.value())
        .map(String::valueOf)
        .toList();
  }
}
