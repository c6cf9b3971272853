package dev.vramcast.server.lines;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject.Item;
import dev.vramcast.input.text.Utf8;
import dev.vramcast.input.tree.NodeParser;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What stands in a line: a question, or the end of one.
 *
 * @param values by name; depth, numbers and names are bounded
 */
record LineMessage(Map<?, ?> values) {

  static final Place.Line LINE = Place.of("line");

  private static final String ID = "id";
  private static final List<String> KNOWN =
      List.of(ID, "cancel", "operation", "fields", "paths", "folder", "hub");

  /**
   * Reads it.
   *
   * @throws InputException when it is no JSON object, or not within bounds
   */
  static LineMessage read(byte[] bytes) {
    Object value = NodeParser.json(Utf8.decode(bytes, LINE), LINE).value();
    if (!(value instanceof Map<?, ?> values)) {
      throw InputError.of("is no object").at(LINE).kind(ErrorKind.MALFORMED).refusal();
    }
    return new LineMessage(values);
  }

  /** The number that its answer will have; empty where there is none. */
  OptionalLong id() {
    return number(ID);
  }

  /** The number of the question that nobody wants answered any more; empty for a question. */
  OptionalLong cancelled() {
    return number("cancel");
  }

  /** The name of an operation. */
  String operation() {
    for (Object name : values.keySet()) {
      if (!KNOWN.contains(name)) {
        throw InputError.unknown("field", String.valueOf(name), KNOWN).refusal();
      }
    }
    return text("operation").orElseThrow(() -> refusal("operation", "a name"));
  }

  /** Of the operation. */
  @SuppressWarnings("unchecked") // the keys of a JSON object are strings
  Map<String, Object> fields() {
    Object given = values.get("fields");
    if (given != null && !(given instanceof Map<?, ?>)) {
      throw refusal("fields", "an object");
    }
    return given == null ? Map.of() : (Map<String, Object>) given;
  }

  /** Files that describe the job. */
  List<String> paths() {
    Object given = values.get("paths");
    if (given == null) {
      return List.of();
    }
    if (!(given instanceof List<?> items)
        || !items.stream().allMatch(item -> item instanceof String)) {
      throw refusal("paths", "a list of texts");
    }
    return items.stream().map(String.class::cast).toList();
  }

  /** The folder of whoever asks; that of this process where it is not said. */
  String folder() {
    return text("folder").orElse("");
  }

  /** Whether the Hub may be asked. */
  boolean asksHub() {
    Object given = values.get("hub");
    if (given != null && !(given instanceof Boolean)) {
      throw refusal("hub", "true or false");
    }
    return Boolean.TRUE.equals(given);
  }

  private Optional<String> text(String name) {
    Object given = values.get(name);
    if (given != null && !(given instanceof String)) {
      throw refusal(name, "a text");
    }
    return Optional.ofNullable((String) given);
  }

  private OptionalLong number(String name) {
    try {
      return values.get(name) instanceof BigDecimal number
          ? OptionalLong.of(number.longValueExact())
          : OptionalLong.empty();
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private InputException refusal(String name, String allowed) {
    InputError error = InputError.about(new Item(name));
    Object given = values.get(name);
    return (given == null ? error.and(" is missing") : error.is(given)).allowed(allowed).refusal();
  }
}
