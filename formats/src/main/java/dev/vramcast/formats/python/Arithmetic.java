package dev.vramcast.formats.python;

import dev.vramcast.formats.python.Token.Kind;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sums, differences, products and whole quotients of numbers that are known. */
final class Arithmetic {

  private static final Set<String> SUMS = Set.of("+", "-");
  private static final Set<String> PRODUCTS = Set.of("*", "//");

  /** More digits than any number of a job has. */
  private static final int MOST_DIGITS = 40;

  private Arithmetic() {}

  /**
   * The number; empty where the expression is none of these, or is not known.
   *
   * @param value of an expression
   */
  static Optional<Node> found(List<Token> tokens, Function<List<Token>, Node> value) {
    int sum = last(tokens, SUMS);
    int at = sum > 0 ? sum : last(tokens, PRODUCTS);
    if (at <= 0 || at + 1 >= tokens.size()) {
      return Optional.empty();
    }
    Node left = value.apply(tokens.subList(0, at));
    Object right = certain(value.apply(tokens.subList(at + 1, tokens.size())).value());
    return certain(left.value()) instanceof BigDecimal a && right instanceof BigDecimal b
        ? of(tokens.get(at).text(), a, b).map(number -> new Node.Scalar(number, left.mark()))
        : Optional.empty();
  }

  private static Optional<BigDecimal> of(String sign, BigDecimal a, BigDecimal b) {
    if (a.precision() > MOST_DIGITS || b.precision() > MOST_DIGITS) {
      return Optional.empty();
    }
    return switch (sign) {
      case "+" -> Optional.of(a.add(b));
      case "-" -> Optional.of(a.subtract(b));
      case "*" -> Optional.of(a.multiply(b));
      default ->
          b.signum() == 0 ? Optional.empty() : Optional.of(a.divide(b, 0, RoundingMode.FLOOR));
    };
  }

  /** Where the last sign stands outside of brackets, with a value before it; -1 where none does. */
  private static int last(List<Token> tokens, Set<String> signs) {
    int depth = 0;
    int found = -1;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.opens() ? 1 : token.closes() ? -1 : 0;
      boolean sign = token.kind() == Kind.OPERATOR && signs.contains(token.text());
      if (sign && depth == 0 && i > 0 && isValue(tokens.get(i - 1))) {
        found = i;
      }
    }
    return found;
  }

  private static boolean isValue(Token before) {
    return before.kind() != Kind.OPERATOR || before.closes();
  }

  private static @Nullable Object certain(@Nullable Object value) {
    return value instanceof Choice choice ? choice.value() : value;
  }
}
