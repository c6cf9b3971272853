package dev.vramcast.catalog.model;

import dev.vramcast.core.input.InputException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a model is when nothing else about it is known.
 *
 * @param value parameters, from 10^6 to 10^14
 */
public record ParameterCount(long value) {

  private static final long SMALLEST = 1_000_000L;
  private static final long LARGEST = 100_000_000_000_000L;
  private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([MBT]?)");

  public ParameterCount {
    if (value < SMALLEST || value > LARGEST) {
      throw new InputException("params: " + value + " is not between 1M and 100T");
    }
  }

  /**
   * Reads {@code 7B}, {@code 7.6b}, {@code 350M}, {@code 1.5T} or a plain number.
   *
   * @throws InputException for any other text and for counts out of range
   */
  public static ParameterCount parse(String text) {
    Matcher matcher = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new InputException(
          "params: '" + text + "' is not a number of parameters like 7B, 7.6B, 350M or 1.5T");
    }
    BigDecimal count =
        new BigDecimal(matcher.group(1)).scaleByPowerOfTen(exponent(matcher.group(2)));
    if (count.compareTo(BigDecimal.valueOf(SMALLEST)) < 0
        || count.compareTo(BigDecimal.valueOf(LARGEST)) > 0) {
      throw new InputException("params: '" + text + "' is not between 1M and 100T");
    }
    return new ParameterCount(count.longValue());
  }

  private static int exponent(String unit) {
    return switch (unit) {
      case "M" -> 6;
      case "B" -> 9;
      case "T" -> 12;
      default -> 0;
    };
  }
}
