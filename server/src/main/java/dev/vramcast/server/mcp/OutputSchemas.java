package dev.vramcast.server.mcp;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.schema.AnswerSchemas;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every answer of a tool has, whatever it says: the uppermost keys of the whole answer's
 * schema that {@link CompactJson} keeps. What is below is not described, which would be longer than
 * all else that an assistant reads.
 *
 * @param schemas those of all answers, by name
 */
record OutputSchemas(Map<String, Object> schemas) {

  private static final String PROPERTIES = "properties";
  private static final String REQUIRED = "required";
  private static final String TYPE = "type";
  private static final String CONST = "const";
  private static final String NONE = "";

  static OutputSchemas create() {
    return new OutputSchemas(AnswerSchemas.all(List.of()));
  }

  Map<String, Object> of(Operation operation) {
    List<Map<?, ?>> kinds =
        AnswerSchemas.of(operation).stream()
            .<Map<?, ?>>map(name -> map(schemas.get(name)))
            .toList();
    List<String> always = new ArrayList<>();
    for (Object key : required(kinds.get(0))) {
      String name = String.valueOf(key);
      if (CompactJson.keeps(name)
          && kinds.stream().allMatch(kind -> required(kind).contains(name))) {
        always.add(name);
      }
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    always.forEach(name -> properties.put(name, value(name, kinds)));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put(TYPE, "object");
    schema.put(PROPERTIES, properties);
    schema.put(REQUIRED, always);
    return schema;
  }

  /** The type where all kinds of answers agree on it. */
  private static Map<String, Object> value(String name, List<Map<?, ?>> kinds) {
    List<Map<?, ?>> values =
        kinds.stream().<Map<?, ?>>map(kind -> map(map(kind.get(PROPERTIES)).get(name))).toList();
    if (values.stream().allMatch(value -> value.containsKey(CONST))) {
      return Map.of("enum", values.stream().map(value -> value.get(CONST)).distinct().toList());
    }
    List<Object> types = values.stream().map(OutputSchemas::type).distinct().toList();
    return types.size() == 1 && !types.get(0).equals(NONE) ? Map.of(TYPE, types.get(0)) : Map.of();
  }

  /** What a schema refers to is an object; none where it does not say. */
  private static Object type(Map<?, ?> schema) {
    if (schema.get("anyOf") instanceof List<?> some) {
      return some.stream().map(each -> type(map(each))).toList();
    }
    Object type = schema.get(TYPE);
    return type != null ? type : schema.containsKey("$ref") ? "object" : NONE;
  }

  private static Collection<?> required(Map<?, ?> schema) {
    return (Collection<?>) Objects.requireNonNull(schema.get(REQUIRED));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }
}
