package dev.vramcast.formats.python.handed;

import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** How large a value may be that names stand for, and where it stands. */
public final class Bounds {

  /** Values of a constant that others may stand for; a larger one is kept by its name. */
  private static final int LARGEST_CONSTANT = 1_000;

  /** Characters of a text that is put together; the names and folders of a job have fewer. */
  public static final int LONGEST_TEXT = 4_000;

  /** Characters of a constant, of which one text may be a whole literal, as of a template. */
  private static final int LONGEST_CONSTANT = 20_000;

  private Bounds() {}

  /** Constants of constants that double would not end. */
  public static Node value(String name, Mark mark, Node value) {
    boolean longer = value.value() instanceof String text && text.length() > LONGEST_CONSTANT;
    return longer || left(value, LARGEST_CONSTANT) < 0
        ? new Node.Scalar("<" + name + ">", mark)
        : value;
  }

  /** What a number of values leaves behind a tree; below 0 once it has more. */
  private static int left(Node node, int most) {
    Collection<Node> inner =
        node instanceof Node.Fields fields
            ? fields.fields().values()
            : node instanceof Node.Items items ? items.items() : List.of();
    int left = most - 1;
    for (Iterator<Node> each = inner.iterator(); each.hasNext() && left >= 0; ) {
      left = left(each.next(), left);
    }
    return left;
  }

  /** A value where it is given; one of another file stays where it stands there. */
  public static Node at(Node node, Mark mark) {
    boolean ofModule = ModuleLines.isOne(node.line()) && !ModuleLines.isOne(mark.line());
    if (ofModule || !node.mark().source().isEmpty()) {
      return node;
    }
    if (node instanceof Node.Fields fields) {
      return new Node.Fields(fields.fields(), mark);
    }
    return node instanceof Node.Items items
        ? new Node.Items(items.items(), mark)
        : new Node.Scalar(node.value(), mark);
  }
}
