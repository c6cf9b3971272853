package dev.vramcast.formats.shell;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sums, products and quotients of whole numbers and variables, with brackets, as the shell works
 * them out in {@code $((...))} and {@code expr} does.
 */
final class Arithmetic {

  private static final int DEEPEST = 20;
  private static final int LONGEST = 300;

  /** Beyond this nothing is a count of anything. */
  private static final int MOST_BITS = 256;

  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:(\\d{1,18})|\\$?\\{?([A-Za-z_]\\w{0,99})\\}?|\\\\?([-+*/%()]))");

  private final String text;
  private final Function<String, Optional<String>> variables;
  private int position;

  private Arithmetic(String text, Function<String, Optional<String>> variables) {
    this.text = text;
    this.variables = variables;
  }

  /** The value; empty where the text is no such expression or a variable holds no number. */
  static Optional<BigInteger> value(String text, Function<String, Optional<String>> variables) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    Arithmetic expression = new Arithmetic(text, variables);
    Optional<BigInteger> value = expression.sum(0);
    boolean whole = text.substring(expression.position).isBlank();
    return whole ? value.filter(number -> number.bitLength() < MOST_BITS) : Optional.empty();
  }

  private Optional<BigInteger> sum(int depth) {
    Optional<BigInteger> left = product(depth);
    for (String sign = sign("+-"); !sign.isEmpty() && left.isPresent(); sign = sign("+-")) {
      boolean adds = sign.equals("+");
      Optional<BigInteger> right = product(depth);
      left = left.flatMap(a -> right.map(b -> adds ? a.add(b) : a.subtract(b)));
    }
    return left;
  }

  private Optional<BigInteger> product(int depth) {
    Optional<BigInteger> left = factor(depth);
    for (String sign = sign("*/%"); !sign.isEmpty() && left.isPresent(); sign = sign("*/%")) {
      String operator = sign;
      Optional<BigInteger> right = factor(depth);
      left = left.flatMap(a -> right.flatMap(b -> applied(a, operator, b)));
    }
    return left.filter(number -> number.bitLength() < MOST_BITS);
  }

  private static Optional<BigInteger> applied(BigInteger a, String operator, BigInteger b) {
    if (operator.equals("*")) {
      return Optional.of(a.multiply(b));
    }
    return b.signum() == 0
        ? Optional.empty()
        : Optional.of(operator.equals("/") ? a.divide(b) : a.remainder(b));
  }

  private Optional<BigInteger> factor(int depth) {
    Matcher token = TOKEN.matcher(text).region(position, text.length());
    if (depth > DEEPEST || !token.lookingAt()) {
      return Optional.empty();
    }
    if (token.group(1) != null) {
      position = token.end();
      return Optional.of(new BigInteger(token.group(1)));
    }
    if (token.group(2) != null) {
      position = token.end();
      return variables
          .apply(token.group(2))
          .filter(digits -> digits.matches("\\d{1,18}"))
          .map(BigInteger::new);
    }
    if (!token.group(3).equals("(")) {
      return Optional.empty();
    }
    position = token.end();
    Optional<BigInteger> inner = sum(depth + 1);
    return sign(")").isEmpty() ? Optional.empty() : inner;
  }

  /** The next token where it is one of some signs. */
  private String sign(String of) {
    Matcher token = TOKEN.matcher(text).region(position, text.length());
    if (!token.lookingAt() || token.group(3) == null || !of.contains(token.group(3))) {
      return "";
    }
    position = token.end();
    return token.group(3);
  }
}
