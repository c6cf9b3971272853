package dev.vramcast.answers.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/** Writes down parts of schemas. */
final class Schemas {

  private Schemas() {}

  /** A map of names, each with what follows it, in this order. */
  static Map<String, Object> of(Object... namesAndValues) {
    Map<String, Object> schema = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      schema.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return schema;
  }
}
