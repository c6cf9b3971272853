package dev.vramcast.answers.text;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** Writes maps, lists and plain values as JSON. */
public final class JsonText {

  private static final int MOST_ZEROS = 400;

  private JsonText() {}

  /** The text indented, with a line feed at its end; whole numbers of a list in one line. */
  public static String of(Object value) {
    StringWriter text = new StringWriter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(indenter)
            .withArrayIndenter(indenter);
    ObjectWriteContext context =
        new ObjectWriteContext.Base() {
          @Override
          public DefaultPrettyPrinter getPrettyPrinter() {
            return printer;
          }
        };
    write(context, text, value, ", ");
    return text + "\n";
  }

  /** The text in one line, without a line feed. */
  public static String line(Object value) {
    StringWriter text = new StringWriter();
    write(ObjectWriteContext.empty(), text, value, ",");
    return text.toString();
  }

  /**
   * Writes a value.
   *
   * @param between what stands between whole numbers of a list
   */
  private static void write(
      ObjectWriteContext context, StringWriter text, Object value, String between) {
    try (JsonGenerator json = new JsonFactory().createGenerator(context, text)) {
      write(json, value, between);
    }
  }

  private static void write(JsonGenerator json, Object value, String between) {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      map.forEach(
          (key, item) -> {
            json.writeName(String.valueOf(key));
            write(json, item, between);
          });
      json.writeEndObject();
    } else if (value instanceof Collection<?> items) {
      writeItems(json, items, between);
    } else {
      writePlain(json, value);
    }
  }

  private static void writeItems(JsonGenerator json, Collection<?> items, String between) {
    if (!items.isEmpty() && items.stream().allMatch(JsonText::isWhole)) {
      json.writeRawValue(wholeNumbers(items, between));
      return;
    }
    json.writeStartArray();
    items.forEach(item -> write(json, item, between));
    json.writeEndArray();
  }

  private static boolean isWhole(Object value) {
    return value instanceof Integer || value instanceof Long;
  }

  /** A timeline has thousands of them, of which nobody reads a line each. */
  private static String wholeNumbers(Collection<?> numbers, String between) {
    StringBuilder text = new StringBuilder("[");
    for (Object number : numbers) {
      text.append(text.length() == 1 ? "" : between).append(((Number) number).longValue());
    }
    return text.append(']').toString();
  }

  private static void writePlain(JsonGenerator json, Object value) {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (isWhole(value)) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof BigDecimal decimal) {
      json.writeNumber(plain(decimal));
    } else if (value instanceof Number number) {
      json.writeNumber(number.doubleValue());
    } else {
      json.writeString(String.valueOf(value));
    }
  }

  /** Without an exponent, unless what somebody sent would be a number of very many digits then. */
  private static BigDecimal plain(BigDecimal decimal) {
    return Math.abs((long) decimal.scale()) > MOST_ZEROS
        ? decimal
        : new BigDecimal(decimal.toPlainString());
  }
}
