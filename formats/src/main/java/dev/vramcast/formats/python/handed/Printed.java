package dev.vramcast.formats.python.handed;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values as Python prints them. */
public final class Printed {

  /** Digits of a number of which no rounding shows. */
  private static final int MOST_DIGITS = 16;

  /** {@code repr} of a float writes out powers of ten from here up to that of its digits. */
  private static final int LEAST_POWER = -4;

  /** {@code :d}, {@code :02d}, {@code :.1f} and {@code :s}. */
  private static final Pattern FORMAT =
      Pattern.compile("(?:!s)?(?::(0\\d)?(?:\\.(\\d))?([dfs]?))?");

  /** More digits, before or behind the point, than any number of a job has. */
  private static final int LONGEST = 40;

  private Printed() {}

  /** Whether a number can be written out; one with a large exponent has more digits than memory. */
  public static boolean fits(BigDecimal number) {
    long before = (long) number.precision() - number.scale();
    return before <= LONGEST && number.scale() <= LONGEST;
  }

  /**
   * The text that a value is in another one; empty where that is not known.
   *
   * @param value a number, a truth value or a text
   * @param format what stands behind it in its brackets: {@code !s}, {@code :.0f}
   */
  public static Optional<String> of(Object value, String format) {
    Matcher said = FORMAT.matcher(format);
    if (!said.matches()) {
      return Optional.empty();
    }
    String kind = said.group(3) == null ? "" : said.group(3);
    boolean plain = said.group(1) == null && said.group(2) == null;
    if (plain && (kind.isEmpty() || kind.equals("s") && value instanceof String)) {
      return text(value);
    }
    if (!(value instanceof BigDecimal number) || !fits(number)) {
      return Optional.empty();
    }
    boolean whole = kind.equals("d") && number.scale() == 0 && said.group(2) == null;
    if (!whole && !(kind.equals("f") && said.group(2) != null)) {
      return Optional.empty();
    }
    String digits =
        whole ? number.toPlainString() : rounded(number, Integer.parseInt(said.group(2)));
    int width = said.group(1) == null ? 0 : Integer.parseInt(said.group(1));
    return Optional.of(digits)
        .filter(text -> width == 0 || number.signum() >= 0)
        .map(text -> "0".repeat(Math.max(0, width - text.length())) + text);
  }

  /** Of the double, as Python does. */
  private static String rounded(BigDecimal number, int places) {
    return new BigDecimal(number.doubleValue())
        .setScale(places, RoundingMode.HALF_EVEN)
        .toPlainString();
  }

  /** {@code str} of it. */
  public static Optional<String> text(Object value) {
    if (value instanceof Boolean holds) {
      return Optional.of(holds ? "True" : "False");
    }
    if (!(value instanceof BigDecimal number)) {
      return Optional.of(value.toString());
    }
    if (number.scale() == 0) {
      return fits(number) ? Optional.of(number.toPlainString()) : Optional.empty();
    }
    BigDecimal shortest = number.stripTrailingZeros();
    int power = shortest.precision() - shortest.scale() - 1;
    if (shortest.precision() > MOST_DIGITS || !fits(number)) {
      return Optional.empty();
    }
    return Optional.of(
        shortest.signum() == 0 || power >= LEAST_POWER && power < MOST_DIGITS
            ? shortest.setScale(Math.max(1, shortest.scale())).toPlainString()
            : scientific(shortest, power));
  }

  /** {@code 1e-05}, {@code 1.5e+16}. */
  private static String scientific(BigDecimal number, int power) {
    String digits = number.unscaledValue().abs().toString();
    String broken = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String size = (Math.abs(power) < 10 ? "0" : "") + Math.abs(power);
    return (number.signum() < 0 ? "-" : "") + broken + "e" + (power < 0 ? "-" : "+") + size;
  }
}
