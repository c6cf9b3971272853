package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.Printed;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Sums, differences, products and whole quotients of numbers that are known, the least and the
 * largest of two, and lists that are put together.
 */
final class Arithmetic {

  /** Names of what gives the least or the largest of its arguments. */
  static final Set<String> BOUNDS = Set.of("min", "max");

  private static final String NO_LESS = "the tokenizer's own limit is no less";

  private static final Pattern LIMIT =
      Pattern.compile("(?:self\\.)?\\w{0,99}tokenizer\\.model_max_length");

  /** Of lists that are put together. */
  private static final int MOST_ITEMS = 1_000;

  private static final Set<String> SUMS = Set.of("+", "-");
  private static final Set<String> PRODUCTS = Set.of("*", "//");

  private Arithmetic() {}

  /** Where the sign stands that is applied last; -1 where none does. */
  static int sign(List<Token> tokens) {
    int sum = last(tokens, SUMS);
    int at = sum > 0 ? sum : last(tokens, PRODUCTS);
    return at + 1 < tokens.size() ? at : -1;
  }

  /**
   * The number; empty where it is not known.
   *
   * @param at where the sign stands
   * @param value of an expression
   */
  static Optional<Node> found(List<Token> tokens, int at, Function<List<Token>, Node> value) {
    Node left = value.apply(tokens.subList(0, at));
    Node right = value.apply(tokens.subList(at + 1, tokens.size()));
    if (left instanceof Node.Items one && right instanceof Node.Items other) {
      return joined(tokens.get(at), one, other);
    }
    return Choice.taken(left) instanceof BigDecimal a && Choice.taken(right) instanceof BigDecimal b
        ? of(tokens.get(at).text(), a, b)
            .map(number -> new Node.Scalar(number, left.mark()))
            .map(number -> Choice.under(right, Choice.under(left, number)))
        : Optional.empty();
  }

  /**
   * {@code min(rank, 16)}; empty where it is not known.
   *
   * @param value of an expression
   */
  static Optional<Node> bound(
      String name, List<List<Token>> given, Function<List<Token>, Node> value) {
    Node one = value.apply(given.get(0));
    Node other = value.apply(given.get(1));
    boolean least = name.equals("min");
    if (Choice.taken(one) instanceof BigDecimal a && Choice.taken(other) instanceof BigDecimal b) {
      Node taken = a.compareTo(b) < 0 == least ? one : other;
      return Optional.of(Choice.under(other, Choice.under(one, taken)));
    }
    // Tokenizers of most models allow more than anybody trains on.
    return least && isLimit(given.get(0))
        ? limited(other)
        : least && isLimit(given.get(1)) ? limited(one) : Optional.empty();
  }

  private static Optional<Node> limited(Node number) {
    return number.value() instanceof BigDecimal
        ? Optional.of(new Node.Scalar(new Choice(number.value(), NO_LESS), number.mark()))
        : Optional.empty();
  }

  private static boolean isLimit(List<Token> tokens) {
    return LIMIT.matcher(Token.joined(tokens, "")).matches();
  }

  /** {@code ATTENTION + MLP}, of lists. */
  private static Optional<Node> joined(Token sign, Node.Items one, Node.Items other) {
    List<Node> items = new ArrayList<>(one.items());
    items.addAll(other.items());
    return sign.is("+") && items.size() <= MOST_ITEMS
        ? Optional.of(new Node.Items(items, one.mark()))
        : Optional.empty();
  }

  private static Optional<BigDecimal> of(String sign, BigDecimal a, BigDecimal b) {
    if (!Printed.fits(a) || !Printed.fits(b)) {
      return Optional.empty();
    }
    try {
      return (isBroken(a) || isBroken(b) ? broken(sign, a, b) : exact(sign, a, b))
          .filter(Printed::fits);
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> exact(String sign, BigDecimal a, BigDecimal b) {
    return switch (sign) {
      case "+" -> Optional.of(a.add(b));
      case "-" -> Optional.of(a.subtract(b));
      case "*" -> Optional.of(a.multiply(b));
      default ->
          b.signum() == 0 ? Optional.empty() : Optional.of(a.divide(b, 0, RoundingMode.FLOOR));
    };
  }

  /** With the rounding of Python, for which {@code 100 * 0.29} is less than 29. */
  private static Optional<BigDecimal> broken(String sign, BigDecimal a, BigDecimal b) {
    double left = a.doubleValue();
    double right = b.doubleValue();
    return switch (sign) {
      case "+" -> Optional.of(shortest(left + right));
      case "-" -> Optional.of(shortest(left - right));
      case "*" -> Optional.of(shortest(left * right));
      default ->
          exact(sign, new BigDecimal(left), new BigDecimal(right)).map(whole -> whole.setScale(1));
    };
  }

  private static BigDecimal shortest(double number) {
    BigDecimal digits = new BigDecimal(Double.toString(number));
    return digits.scale() > 0 ? digits : digits.setScale(1);
  }

  private static boolean isBroken(BigDecimal number) {
    return number.scale() != 0;
  }

  /** Where the last sign stands outside of brackets, with a value before it; -1 where none does. */
  private static int last(List<Token> tokens, Set<String> signs) {
    return Pieces.outermost(tokens)
        .filter(i -> i > 0 && isSign(tokens.get(i), signs) && isValue(tokens.get(i - 1)))
        .max()
        .orElse(-1);
  }

  private static boolean isSign(Token token, Set<String> signs) {
    return token.kind() == Kind.OPERATOR && signs.contains(token.text());
  }

  private static boolean isValue(Token before) {
    return before.kind() != Kind.OPERATOR || before.closes();
  }
}
