package dev.vramcast.catalog.model;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How large a model is when nothing else about it is known.
 *
 * @param value parameters, from 10^6 to 10^14
 */
public record ParameterCount(long value) {

  private static final Subject SIZE = new Subject.Flag("--params");
  private static final String RANGE = "1M to 100T";

  private static final long SMALLEST = 1_000_000L;
  private static final long LARGEST = 100_000_000_000_000L;
  private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([MBT]?)");

  private static final Pattern WORDS =
      Pattern.compile(
          "\\s*(?:(m)illions?|(b)(?:illions?|n)|(t)rillions?)?(?:\\s+param(?:eter)?s)?$",
          Pattern.CASE_INSENSITIVE);

  public ParameterCount {
    if (value < SMALLEST || value > LARGEST) {
      throw InputError.about(SIZE).isSet(value).allowed(RANGE).refusal();
    }
  }

  /** A size as {@code 13B} where it is written as {@code 13 billion} or with what it counts. */
  static String plain(String size) {
    return WORDS
        .matcher(size.strip())
        .replaceFirst(
            found ->
                Stream.of(1, 2, 3)
                    .map(found::group)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("")
                    .toUpperCase(Locale.ROOT));
  }

  /**
   * Reads {@code 7B}, {@code 7.6b}, {@code 350M}, {@code 1.5T} or a plain number.
   *
   * @throws InputException for any other text and for counts out of range
   */
  public static ParameterCount parse(String text) {
    Matcher matcher = FORM.matcher(plain(text).toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw InputError.about(SIZE)
          .is(text)
          .allowed("a number of parameters like 7B, 7.6B, 350M or 1.5T")
          .refusal();
    }
    BigDecimal count =
        new BigDecimal(matcher.group(1)).scaleByPowerOfTen(exponent(matcher.group(2)));
    if (count.compareTo(BigDecimal.valueOf(SMALLEST)) < 0
        || count.compareTo(BigDecimal.valueOf(LARGEST)) > 0) {
      throw InputError.about(SIZE).is(text).allowed(RANGE).refusal();
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
