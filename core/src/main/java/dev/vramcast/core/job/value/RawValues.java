package dev.vramcast.core.job.value;

import dev.vramcast.core.input.Shown;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what a parser or a command line delivers into plain values, without ever guessing. */
public final class RawValues {

  static final int LONGEST_WORD = 200;
  static final int LONGEST_LINE = 1_000;
  static final int LONGEST_LIST = 1_000;
  private static final int DEEPEST_OBJECT = 32;

  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,19}");

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,19}(\\.\\d{0,18})?|\\.\\d{1,18})([eE][+-]?\\d{1,3})?");

  private static final Pattern IN_K = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)[kK]");
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  private static final Pattern LARGE =
      Pattern.compile(
          "(\\d{1,9}(?:\\.\\d{1,9})?)\\s?(k|m|b|t|thousand|million|billion|trillion)",
          Pattern.CASE_INSENSITIVE);

  private static final Map<String, Integer> POWERS =
      Map.of(
          "k",
          3,
          "thousand",
          3,
          "m",
          6,
          "million",
          6,
          "b",
          9,
          "billion",
          9,
          "t",
          12,
          "trillion",
          12);

  /** Digits in groups of three, as in {@code 10_000_000}. */
  private static final Pattern GROUPED =
      Pattern.compile("[1-9]\\d{0,2}(?:(?:_\\d{3}){1,6}|(?:,\\d{3}){1,6})");

  private static final Pattern COMMA = Pattern.compile("[+-]?\\d*,\\d+");

  private RawValues() {}

  /** The exact number; nothing for text, NaN and infinities. */
  static Optional<BigDecimal> decimal(Object raw) {
    if (raw instanceof Integer || raw instanceof Long) {
      return Optional.of(BigDecimal.valueOf(((Number) raw).longValue()));
    }
    if (raw instanceof BigInteger whole) {
      return Optional.of(new BigDecimal(whole));
    }
    if (raw instanceof BigDecimal exact) {
      return Optional.of(exact);
    }
    if (raw instanceof Double number && Double.isFinite(number)) {
      return Optional.of(BigDecimal.valueOf(number));
    }
    return Optional.empty();
  }

  /** Whether a value is a text with a number and a letter for its size, such as {@code 20M}. */
  static boolean hasLetter(Object raw) {
    return raw instanceof String text && LARGE.matcher(text.strip()).matches();
  }

  /** Compares without writing the number out: {@code 1e999999999} has a billion digits. */
  static boolean isBetween(BigDecimal number, double least, double most) {
    return number.compareTo(BigDecimal.valueOf(least)) >= 0
        && number.compareTo(BigDecimal.valueOf(most)) <= 0;
  }

  static Optional<Object> wholeText(String text) {
    return wholeText(text, false);
  }

  /**
   * A whole number.
   *
   * @param tokens whether it counts tokens, so that {@code 8k} is 8192, as lengths are said
   */
  static Optional<Object> wholeText(String text, boolean tokens) {
    String digits = text.strip();
    Matcher thousands = IN_K.matcher(digits);
    if (tokens && thousands.matches()) {
      return Optional.of(new BigDecimal(thousands.group(1)).multiply(KIBI).stripTrailingZeros());
    }
    String plain = ungrouped(digits);
    return WHOLE.matcher(plain).matches() ? Optional.of(new BigDecimal(plain)) : Optional.empty();
  }

  private static String ungrouped(String digits) {
    return GROUPED.matcher(digits).matches() ? digits.replaceAll("[_,]", "") : digits;
  }

  /**
   * A number; {@code 50k}, {@code 20M}, {@code 10 million} and {@code 1.5B} are thousands,
   * millions, billions.
   *
   * @param counts whether it counts something; in others a comma may stand for a point
   */
  static Optional<Object> decimalText(String text, boolean counts) {
    String digits = text.strip();
    Matcher large = LARGE.matcher(digits);
    if (large.matches()) {
      return Optional.of(
          new BigDecimal(large.group(1))
              .movePointRight(
                  Objects.requireNonNull(POWERS.get(large.group(2).toLowerCase(Locale.ROOT)))));
    }
    String plain = counts || !digits.contains(",") ? ungrouped(digits) : digits;
    return NUMBER.matcher(plain).matches() ? Optional.of(new BigDecimal(plain)) : Optional.empty();
  }

  /** Whether a text is a number with a comma in place of a point, such as {@code 0,125}. */
  public static boolean hasDecimalComma(Object raw) {
    return raw instanceof String text && COMMA.matcher(text.strip()).matches();
  }

  /** A list's items; a single word counts as a list of one. */
  public static List<?> items(Object raw) {
    return raw instanceof List<?> list ? list : raw == null ? List.of() : List.of(raw);
  }

  static boolean isListOrWord(Object raw) {
    return raw instanceof String || raw instanceof List<?> && !isTooMany(raw);
  }

  static boolean isTooMany(Object raw) {
    return raw instanceof List<?> list && list.size() > LONGEST_LIST;
  }

  /** What is allowed, with the most characters of it where a text has more. */
  static String within(int most, Object raw, String allowed) {
    return raw instanceof String text && text.length() > most
        ? allowed + " of at most " + most + " characters"
        : allowed;
  }

  /** The words between commas; none when the text is blank. */
  public static List<String> split(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  static boolean isWord(Object item) {
    return item instanceof String word
        && !word.isBlank()
        && word.length() <= LONGEST_WORD
        && word.codePoints().allMatch(c -> c != ',' && c != ' ' && Shown.isPrintable(c));
  }

  static Optional<String> line(Object raw) {
    return raw instanceof String text
            && !text.isBlank()
            && text.length() <= LONGEST_LINE
            && text.codePoints().allMatch(Shown::isPrintable)
        ? Optional.of(text)
        : Optional.empty();
  }

  /**
   * A line of text; a number without quotes counts as its digits, of which an exact one has kept
   * the last zero: version 2.10 is not 2.1.
   */
  static Optional<String> textOrNumber(Object raw) {
    boolean exact = raw instanceof BigDecimal || raw instanceof Integer || raw instanceof Long;
    return line(exact ? raw.toString() : raw);
  }

  /** A copy that cannot change; nothing when a key is no text or the nesting has no end. */
  static Optional<Object> frozen(Map<?, ?> map) {
    try {
      return Optional.of(frozen(map, 0));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Object frozen(Object value, int depth) {
    if (depth > DEEPEST_OBJECT) {
      throw new IllegalArgumentException("nested too deeply");
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!(entry.getKey() instanceof String key)) {
          throw new IllegalArgumentException("a key that is no text");
        }
        copy.put(key, frozen(entry.getValue(), depth + 1));
      }
      return Collections.unmodifiableMap(copy);
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(frozen(item, depth + 1)));
      return Collections.unmodifiableList(copy);
    }
    return value;
  }
}
