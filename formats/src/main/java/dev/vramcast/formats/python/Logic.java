package dev.vramcast.formats.python;

import dev.vramcast.formats.python.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code not}, {@code and}, {@code or} and equality, of values that are known. */
final class Logic {

  private static final Set<String> SAME = Set.of("==", "is");
  private static final String OTHER = "!=";

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

  /** {@code dtype == torch.bfloat16}, {@code os.environ.get("BITS", "4") != "4"}. */
  private static Optional<Node> same(List<Token> tokens, Function<List<Token>, Node> value) {
    for (int i = 1; i + 1 < tokens.size(); i++) {
      Token sign = tokens.get(i);
      boolean word = sign.kind() == Kind.NAME || sign.kind() == Kind.OPERATOR;
      if (word && (SAME.contains(sign.text()) || sign.text().equals(OTHER))) {
        List<Token> before = tokens.subList(0, i);
        List<Token> behind = tokens.subList(i + 1, tokens.size());
        Node left = value.apply(before);
        Node right = value.apply(behind);
        boolean asked = sign.text().equals(OTHER);
        if (Lookup.isUnset(before) && isKnown(behind, right)) {
          return Optional.of(of(asked, right, right));
        }
        return isKnown(before, left) && isKnown(behind, right)
            ? Optional.of(of(asked != isSame(certain(left), certain(right)), left, right))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean isSame(@Nullable Object left, @Nullable Object right) {
    return left instanceof BigDecimal a && right instanceof BigDecimal b
        ? a.compareTo(b) == 0
        : Objects.equals(left, right);
  }

  /** Names with dots that stand for nothing but themselves are known of types alone. */
  private static boolean isKnown(List<Token> tokens, Node node) {
    Object value = certain(node);
    if (!(value instanceof String text)) {
      return value instanceof Boolean || value instanceof BigDecimal;
    }
    boolean itself =
        tokens.size() > 1
            && text.equals(String.join("", tokens.stream().map(Token::text).toList()));
    return !text.startsWith("<") && (!itself || text.startsWith("torch."));
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
