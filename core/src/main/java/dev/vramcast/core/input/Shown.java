package dev.vramcast.core.input;

import dev.vramcast.core.units.DataType;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How values of the job document are written in messages, tables and help texts. */
public final class Shown {

  private static final int LONGEST = 80;

  private Shown() {}

  /** The value as one would write it in a job document or behind a flag. */
  public static String value(@Nullable Object value) {
    if (value instanceof Named named) {
      return named.label();
    }
    if (value instanceof DataType type) {
      return type.label();
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof Collection<?> list) {
      return list.isEmpty()
          ? "[]"
          : list.stream().map(Shown::value).collect(Collectors.joining(","));
    }
    return String.valueOf(value);
  }

  /** What a user gave, made safe for one line: short, and without control characters. */
  public static String given(@Nullable Object raw) {
    if (raw instanceof Map) {
      return "an object";
    }
    if (raw instanceof Collection<?> list) {
      return "a list of " + list.size();
    }
    return raw instanceof String text ? "'" + oneLine(text) + "'" : oneLine(String.valueOf(raw));
  }

  /** The text cut to one line of readable length. */
  public static String oneLine(String text) {
    String line = printable(text.substring(0, Math.min(text.length(), LONGEST)));
    return text.length() > LONGEST ? line + "..." : line;
  }

  /** What another program or library says was wrong: its first line. */
  public static String cause(Throwable cause) {
    String text = String.valueOf(cause.getMessage()).strip();
    return text.isEmpty() || cause.getMessage() == null
        ? cause.getClass().getSimpleName()
        : oneLine(text.lines().findFirst().orElse(text));
  }

  /** The text, with a question mark for each character that is not printable. */
  public static String printable(String text) {
    return text.codePoints().allMatch(Shown::isPrintable)
        ? text
        : text.codePoints()
            .map(c -> isPrintable(c) ? c : '?')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  /** False for control characters, line separators and marks that turn the reading direction. */
  public static boolean isPrintable(int codePoint) {
    int type = Character.getType(codePoint);
    return !Character.isISOControl(codePoint)
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.FORMAT
        && type != Character.SURROGATE;
  }

  private static String number(double value) {
    BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
    return exact.scale() <= 0 && exact.precision() - exact.scale() <= 18
        ? exact.toBigInteger().toString()
        : exact.toString();
  }
}
