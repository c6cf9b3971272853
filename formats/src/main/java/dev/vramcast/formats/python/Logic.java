package dev.vramcast.formats.python;

import dev.vramcast.formats.python.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code not}, {@code and}, {@code or} and the equality of types, of values that are known. */
final class Logic {

  private static final Set<String> SAME = Set.of("==", "is");

  private Logic() {}

  /**
   * The value; empty where the expression is none of these, or is not known.
   *
   * @param value of an expression
   */
  static Optional<Node> found(List<Token> tokens, Function<List<Token>, Node> value) {
    for (String word : List.of("or", "and")) {
      int at = Expression.word(tokens, word);
      if (at > 0 && at + 1 < tokens.size()) {
        Node left = value.apply(tokens.subList(0, at));
        Node right = value.apply(tokens.subList(at + 1, tokens.size()));
        return both(word, left, right);
      }
    }
    if (Expression.word(tokens, "not") == 0 && tokens.size() > 1) {
      Node inner = value.apply(tokens.subList(1, tokens.size()));
      return truth(inner).map(holds -> of(!holds, inner, inner));
    }
    return same(tokens, value);
  }

  private static Optional<Node> both(String word, Node left, Node right) {
    Optional<Boolean> first = truth(left);
    Optional<Boolean> second = truth(right);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    boolean decided = first.get() == word.equals("or");
    if (decided) {
      return Optional.of(of(first.get(), left, left));
    }
    return second.map(holds -> of(holds, left, right));
  }

  /** {@code dtype == torch.bfloat16}. */
  private static Optional<Node> same(List<Token> tokens, Function<List<Token>, Node> value) {
    for (int i = 1; i + 1 < tokens.size(); i++) {
      Token sign = tokens.get(i);
      boolean word = sign.kind() == Kind.NAME || sign.kind() == Kind.OPERATOR;
      if (word && SAME.contains(sign.text())) {
        Node left = value.apply(tokens.subList(0, i));
        Node right = value.apply(tokens.subList(i + 1, tokens.size()));
        Optional<String> first = type(left);
        Optional<String> second = type(right);
        return first.isPresent() && second.isPresent()
            ? Optional.of(of(first.equals(second), left, right))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Optional<String> type(Node node) {
    return certain(node) instanceof String text && text.startsWith("torch.")
        ? Optional.of(text)
        : Optional.empty();
  }

  private static Optional<Boolean> truth(Node node) {
    return certain(node) instanceof Boolean holds ? Optional.of(holds) : Optional.empty();
  }

  private static @Nullable Object certain(Node node) {
    return node.value() instanceof Choice choice ? choice.value() : node.value();
  }

  /** What follows from a choice is one. */
  private static Node of(boolean holds, Node left, Node right) {
    Object from = left.value() instanceof Choice ? left.value() : right.value();
    Object value = from instanceof Choice choice ? new Choice(holds, choice.condition()) : holds;
    Mark mark = left.mark();
    return new Node.Scalar(value, mark);
  }
}
