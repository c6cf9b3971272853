package dev.vramcast.catalog.gpu;

import dev.vramcast.core.market.Offer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole numbers between two bounds, both included, as SkyPilot and dstack write them: {@code 24},
 * {@code 24+}, {@code 24..}, {@code ..48}, {@code 16..48}.
 */
record NumberRange(int least, int most) {

  /** Every number. */
  static final NumberRange ANY = new NumberRange(0, Integer.MAX_VALUE);

  private static final String NUMBER = "(\\d{1,9})";
  private static final String UNIT = "\\s*(?:gb|gib|g)";
  private static final Pattern COUNT =
      Pattern.compile("%1$s(\\+?)|%1$s?\\.\\.%1$s?".formatted(NUMBER));
  private static final Pattern MEMORY =
      Pattern.compile("%1$s%2$s(\\+?)|(?:%1$s%2$s?)?\\.\\.(?:%1$s%2$s)?".formatted(NUMBER, UNIT));

  /**
   * Reads a count or a range of counts; empty when the text is neither. A larger number than a
   * machine has GPUs is the name of one, as in {@code 4090}.
   */
  static Optional<NumberRange> ofCount(String text) {
    return of(COUNT.matcher(text)).filter(range -> range.least <= Offer.MAX_COUNT);
  }

  /** Reads a size with its unit, or a range of sizes, in lower case; empty when it is neither. */
  static Optional<NumberRange> ofGigabytes(String text) {
    return of(MEMORY.matcher(text));
  }

  /** Whether a text is a whole number, of any size. */
  static boolean isNumber(String text) {
    return text.chars().allMatch(Character::isDigit);
  }

  boolean isOne() {
    return least == most;
  }

  boolean contains(int number) {
    return least <= number && number <= most;
  }

  private static Optional<NumberRange> of(Matcher matcher) {
    if (!matcher.matches() || matcher.group().equals("..")) {
      return Optional.empty();
    }
    if (matcher.group(1) != null) {
      int number = Integer.parseInt(matcher.group(1));
      int most = matcher.group(2).isEmpty() ? number : Integer.MAX_VALUE;
      return Optional.of(new NumberRange(number, most));
    }
    int least = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    int most = matcher.group(4) == null ? Integer.MAX_VALUE : Integer.parseInt(matcher.group(4));
    return least > most ? Optional.empty() : Optional.of(new NumberRange(least, most));
  }
}
