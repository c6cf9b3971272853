package dev.vramcast.answers.schema;

import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.value.ListOf;
import dev.vramcast.core.job.value.Month;
import dev.vramcast.core.job.value.Roles;
import dev.vramcast.core.job.value.TextOrObject;
import dev.vramcast.core.job.value.ValueKind;
import dev.vramcast.core.job.value.VersionText;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** The JSON schema (draft 2020-12) of the job document, read off its keys. */
public final class JobSchema {

  private JobSchema() {}

  /** What names the key alone, without its section, as the option of a command line does. */
  private static final String KEYWORD = "x-keyword";

  /** An object with the sections and keys of a job, all of them optional. */
  public static Map<String, Object> create() {
    return object(List.of(JobKey.values()), JobSchema::section, JobSchema::named);
  }

  /** As {@link #create}, but with some keys alone; that it leaves others out forbids them not. */
  public static Map<String, Object> of(Collection<JobKey> keys) {
    return object(keys, JobSchema::open, JobSchema::value);
  }

  private static Map<String, Object> object(
      Collection<JobKey> keys,
      Supplier<Map<String, Object>> section,
      Function<JobKey, Map<String, Object>> value) {
    Map<String, Object> root = section.get();
    for (JobKey key : keys) {
      List<String> parts = List.of(key.path().split("\\."));
      Map<String, Object> place = root;
      for (String part : parts.subList(0, parts.size() - 1)) {
        place = child(properties(place).computeIfAbsent(part, name -> section.get()));
      }
      properties(place).put(parts.get(parts.size() - 1), value.apply(key));
    }
    return root;
  }

  private static Map<String, Object> named(JobKey key) {
    Map<String, Object> schema = value(key);
    schema.put(KEYWORD, ProgramWords.field(key.flag()));
    return schema;
  }

  private static Map<String, Object> value(JobKey key) {
    Map<String, Object> schema = new LinkedHashMap<>(kind(key.kind()));
    String fallback = key.fallback().shown();
    schema.put(
        "description", key.description() + (fallback.isEmpty() ? "" : "; without it: " + fallback));
    key.defaultValue().ifPresent(value -> schema.put("default", key.kind().plain(value)));
    return schema;
  }

  private static Map<String, Object> kind(ValueKind kind) {
    if (kind instanceof ValueKind.Whole whole) {
      return Schemas.of("type", "integer", "minimum", whole.least(), "maximum", whole.most());
    }
    if (kind instanceof ValueKind.Decimal decimal) {
      return Schemas.of("type", "number", "minimum", decimal.least(), "maximum", decimal.most());
    }
    if (kind instanceof ValueKind.YesOrNo) {
      return Schemas.of("type", "boolean");
    }
    if (kind instanceof ValueKind.Choice) {
      return Schemas.of("type", "string", "enum", kind.words());
    }
    if (kind instanceof ValueKind.Choices) {
      return list(Schemas.of("type", "string", "enum", kind.words()), 0);
    }
    if (kind instanceof ValueKind.Words words) {
      return list(text("^[^\\s,]+$"), words.least());
    }
    if (kind instanceof VersionText) {
      return text("^\\d{1,6}([.+-][0-9A-Za-z]+)*$");
    }
    if (kind instanceof Month) {
      return text("^20\\d\\d-(0[1-9]|1[0-2])$");
    }
    if (kind instanceof TextOrObject either) {
      return either.named()
          ? Schemas.of("type", List.of("string", "object"), "minLength", 1)
          : Schemas.of("type", "object");
    }
    if (kind instanceof ListOf list) {
      Map<String, Object> schema = list(kind(list.item()), list.fewest());
      schema.put("maxItems", list.most());
      return list.isSize()
          ? Schemas.of("anyOf", List.of(schema, text("^[1-9]\\d{0,5} ?[xX×] ?[1-9]\\d{0,5}$")))
          : schema;
    }
    if (kind instanceof Roles) {
      return list(Schemas.of("type", List.of("object", "string")), 1);
    }
    return kind instanceof ValueKind.Lengths
        ? lengths()
        : Schemas.of("type", "string", "minLength", 1);
  }

  /**
   * Whether the schema of a kind says all that the kind forbids. A schema knows types, ranges and
   * words, but not that quantiles rise, or that a text can be printed.
   */
  public static boolean describes(ValueKind kind) {
    if (kind instanceof ListOf list) {
      return describes(list.item());
    }
    return kind instanceof ValueKind.Whole
        || kind instanceof ValueKind.Decimal
        || kind instanceof ValueKind.YesOrNo
        || kind instanceof ValueKind.Choice
        || kind instanceof ValueKind.Choices;
  }

  private static Map<String, Object> text(String pattern) {
    return Schemas.of("type", "string", "minLength", 1, "pattern", pattern);
  }

  private static Map<String, Object> list(Map<String, Object> item, int least) {
    return Schemas.of("type", "array", "items", item, "minItems", least);
  }

  /** Quantiles, or the length of each example. */
  private static Map<String, Object> lengths() {
    Map<String, Object> tokens = Schemas.of("type", "integer", "minimum", 0);
    return Schemas.of(
        "anyOf",
        List.of(
            Schemas.of("type", "string", "minLength", 1),
            Schemas.of("type", "object", "additionalProperties", Schemas.of("type", "number")),
            list(tokens, 1)));
  }

  private static Map<String, Object> section() {
    Map<String, Object> schema = Schemas.of("type", "object", "additionalProperties", false);
    schema.put("properties", new LinkedHashMap<String, Object>());
    return schema;
  }

  private static Map<String, Object> open() {
    return Schemas.of("type", "object", "properties", new LinkedHashMap<String, Object>());
  }

  private static Map<String, Object> properties(Map<String, Object> section) {
    return child(Objects.requireNonNull(section.get("properties")));
  }

  @SuppressWarnings("unchecked") // only ever called on maps that are made here
  private static Map<String, Object> child(Object map) {
    return (Map<String, Object>) map;
  }
}
