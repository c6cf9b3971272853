package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.input.tree.Node;
import java.util.List;

/** Dictionaries and lists of which one line has two, {@code BIG if args.big else SMALL}. */
public final class Alternatives {

  private Alternatives() {}

  /**
   * The one that is taken, whose entries are choices where the other one has something else.
   *
   * @param condition under which it is taken
   * @param instead under which the other one is
   */
  public static Node of(String condition, String instead, Node taken, Node other) {
    if (taken.equals(other)) {
      return taken;
    }
    if (taken instanceof Node.Fields one && other instanceof Node.Fields two) {
      return OpenBlocks.entries(condition, one, two, instead);
    }
    return taken instanceof Node.Items list ? items(condition, list, other) : taken;
  }

  /** What is in a list stands for all of it. */
  private static Node items(String condition, Node.Items taken, Node other) {
    List<?> has = values(taken);
    boolean plain =
        taken.items().stream().allMatch(item -> item instanceof Node.Scalar)
            && taken.items().stream().noneMatch(item -> item.value() instanceof Choice);
    boolean same = other instanceof Node.Items list && values(list).equals(has);
    return same || !plain
        ? taken
        : new Node.Items(
            taken.items().stream().map(item -> Pieces.choice(condition, item)).toList(),
            taken.mark());
  }

  private static List<?> values(Node.Items list) {
    return list.items().stream().map(item -> String.valueOf(Choice.taken(item))).toList();
  }
}
