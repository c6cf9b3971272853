package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code a if condition else b} is where the condition is not known: the first of both, which
 * is what most programs write for a GPU that is large and new enough.
 *
 * @param value of the first
 * @param condition as the program has it
 */
public record Choice(Object value, String condition) {

  /** Of conditions that are longer together, the inner one is said. */
  private static final int LONGEST = 160;

  /** The same under another condition besides. */
  public Choice and(String other) {
    boolean said = List.of(condition.split(" and ")).contains(other);
    return said || condition.length() + other.length() > LONGEST
        ? this
        : new Choice(value, one(condition) + " and " + one(other));
  }

  private static String one(String condition) {
    return condition.contains(" or ") ? "(" + condition + ")" : condition;
  }

  /** The value of a scalar, that of its branch for a choice; null for nothing and any other. */
  public static @Nullable Object taken(Node node) {
    return !(node instanceof Node.Scalar scalar)
        ? null
        : scalar.value() instanceof Choice choice ? choice.value() : scalar.value();
  }

  /** The text of a scalar, or of its choice; empty where it has none. */
  public static Optional<String> text(Node node) {
    return Optional.ofNullable(taken(node))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  /** What follows from a value: a choice under the same condition, where that value is one. */
  public static Node under(Node condition, Node node) {
    return condition.value() instanceof Choice choice
            && node instanceof Node.Scalar
            && node.value() != null
            && !(node.value() instanceof Choice)
        ? new Node.Scalar(new Choice(node.value(), choice.condition()), node.mark())
        : node;
  }
}
