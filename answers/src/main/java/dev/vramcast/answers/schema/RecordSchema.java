package dev.vramcast.answers.schema;

import dev.vramcast.answers.record.Key;
import dev.vramcast.answers.record.Keys;
import dev.vramcast.answers.record.Kind;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.answers.record.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The JSON schema (draft 2020-12) of a record, read off its components. */
final class RecordSchema {

  private static final String TYPE = "type";
  private static final String PREFIX = "#/components/schemas/";
  private static final Map<String, Object> NULL = Map.of(TYPE, "null");

  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final List<String> required = new ArrayList<>();

  private RecordSchema() {}

  /** A closed object with all keys of a record. */
  static Map<String, Object> of(Keys keys) {
    RecordSchema schema = new RecordSchema();
    if (keys.isAnswer()) {
      schema.put(
          RecordJson.VERSION,
          Schemas.of(TYPE, "string", "description", "Version of the program."),
          true);
    }
    schema.addKind(List.of(keys));
    schema.addKeys(keys, true, false);
    Map<String, Object> object = Schemas.of(TYPE, "object");
    keys.description().ifPresent(text -> object.put("description", text));
    object.put("additionalProperties", false);
    object.put("required", schema.required);
    object.put("properties", schema.properties);
    return object;
  }

  private void put(String name, Map<String, Object> schema, boolean always) {
    properties.putIfAbsent(name, schema);
    if (always) {
      required.add(name);
    }
  }

  /** The key that tells records from each other in their place. */
  private void addKind(List<Keys> kinds) {
    kinds.stream()
        .flatMap(kind -> kind.kind().stream())
        .findFirst()
        .map(Kind::key)
        .ifPresent(key -> put(key, words(kinds), true));
  }

  private static Map<String, Object> words(List<Keys> kinds) {
    List<String> words =
        kinds.stream().flatMap(kind -> kind.kind().stream()).map(Kind::value).toList();
    return words.size() == 1
        ? Schemas.of("const", words.get(0))
        : Schemas.of(TYPE, "string", "enum", words);
  }

  /**
   * Adds the keys of a record.
   *
   * @param always whether they are there in any case
   * @param orNull whether they may be null together
   */
  private void addKeys(Keys keys, boolean always, boolean orNull) {
    for (Key key : keys.all()) {
      boolean there = always && !(key.shape() instanceof Shape.OrAbsent);
      boolean mayBeNull = orNull || key.shape() instanceof Shape.OrNull;
      if (key.isInline()) {
        List<Keys> kinds = key.whole().orElseThrow().kinds();
        addKind(kinds);
        kinds.forEach(kind -> addKeys(kind, there && kinds.size() == 1, mayBeNull));
      } else {
        Map<String, Object> schema = of(orNull ? new Shape.OrNull(key.shape()) : key.shape());
        key.description().ifPresent(text -> schema.put("description", text));
        put(key.name(), schema, there);
      }
    }
  }

  private static Map<String, Object> of(Shape shape) {
    if (shape instanceof Shape.Plain plain) {
      return Schemas.of(TYPE, plain.name().toLowerCase(Locale.ROOT));
    }
    if (shape instanceof Shape.Told told) {
      return of(told.as());
    }
    if (shape instanceof Shape.Words words) {
      return Schemas.of(TYPE, "string", "enum", words.all());
    }
    if (shape instanceof Shape.Job) {
      return Schemas.of("$ref", PREFIX + "Job");
    }
    if (shape instanceof Shape.Items items) {
      return Schemas.of(TYPE, "array", "items", of(items.item()));
    }
    if (shape instanceof Shape.Table table) {
      Map<String, Object> object = Schemas.of(TYPE, "object");
      table.keys().ifPresent(keys -> object.put("propertyNames", of(keys)));
      object.put("additionalProperties", of(table.value()));
      return object;
    }
    if (shape instanceof Shape.OrNull maybe) {
      return orNull(of(maybe.shape()));
    }
    if (shape instanceof Shape.OrAbsent maybe) {
      return of(maybe.shape());
    }
    return shape instanceof Shape.Whole whole ? oneOf(whole.kinds()) : Schemas.of();
  }

  private static Map<String, Object> oneOf(List<Keys> kinds) {
    List<Map<String, Object>> all =
        kinds.stream().map(kind -> Schemas.of("$ref", PREFIX + RecordNames.name(kind))).toList();
    return all.size() == 1 ? all.get(0) : Schemas.of("oneOf", all);
  }

  private static Map<String, Object> orNull(Map<String, Object> schema) {
    if (schema.isEmpty()) {
      return schema;
    }
    if (schema.size() == 1 && schema.get(TYPE) instanceof String type) {
      return Schemas.of(TYPE, List.of(type, "null"));
    }
    return Schemas.of("anyOf", List.of(schema, NULL));
  }
}
