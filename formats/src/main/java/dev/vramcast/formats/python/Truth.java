package dev.vramcast.formats.python;

import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which values Python takes for true. */
final class Truth {

  private Truth() {}

  /**
   * Whether a value holds; empty where that is not known. Text that is not empty may stand for a
   * name of which nothing is known, so that it is not taken for true.
   */
  static Optional<Boolean> of(Node node) {
    if (node instanceof Node.Items items) {
      // [*NAMES] and [n for n in NAMES] may be empty.
      boolean sure = items.items().stream().anyMatch(item -> !Expression.isOutside(item));
      return sure || items.items().isEmpty() ? Optional.of(sure) : Optional.empty();
    }
    if (node instanceof Node.Fields dictionary) {
      return of(dictionary);
    }
    Object value = certain(node);
    if (value instanceof String text) {
      return text.isEmpty() ? Optional.of(false) : Optional.empty();
    }
    if (value instanceof BigDecimal number) {
      return Optional.of(number.signum() != 0);
    }
    return value == null || value instanceof Boolean
        ? Optional.of(Boolean.TRUE.equals(value))
        : Optional.empty();
  }

  /** One of which no entry could be read is kept in a map that could hold some. */
  private static Optional<Boolean> of(Node.Fields dictionary) {
    boolean empty = dictionary.fields().isEmpty();
    return empty && dictionary.fields() instanceof LinkedHashMap
        ? Optional.empty()
        : Optional.of(!empty);
  }

  /** The value of a scalar, that of its branch for a choice; null for anything else. */
  static @Nullable Object certain(Node node) {
    if (!(node instanceof Node.Scalar scalar)) {
      return null;
    }
    return scalar.value() instanceof Choice choice ? choice.value() : scalar.value();
  }

  /** A node as a choice under the condition of another one, where that is one. */
  static Node under(Node condition, Node node) {
    Object value = certain(node);
    return condition.value() instanceof Choice choice && value != null
        ? new Node.Scalar(new Choice(value, choice.condition()), node.mark())
        : node;
  }
}
