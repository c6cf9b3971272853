package dev.vramcast.formats.write;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Python literals. */
public final class PythonText {

  private PythonText() {}

  /**
   * A text, number, truth value, list, map with text keys, or nothing, as Python writes it.
   *
   * @throws IllegalArgumentException for any other value
   */
  public static String literal(Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Number number) {
      return number.toString();
    }
    if (value instanceof String text) {
      return string(text);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(PythonText::literal).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> literal(entry.getKey()) + ": " + literal(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    throw new IllegalArgumentException(value.getClass() + " has no literal");
  }

  private static String string(String text) {
    StringBuilder literal = new StringBuilder("\"");
    text.codePoints().forEach(point -> literal.append(character(point)));
    return literal.append('"').toString();
  }

  private static String character(int point) {
    if (point == '"' || point == '\\') {
      return "\\" + (char) point;
    }
    return point >= ' ' && point < 0x7f ? String.valueOf((char) point) : escape(point);
  }

  private static String escape(int point) {
    return point > 0xffff ? "\\U%08x".formatted(point) : "\\u%04x".formatted(point);
  }
}
