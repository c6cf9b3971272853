package dev.vramcast.answers.record;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.document.JobDocument;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How values of a type are told: the same shape writes them as JSON, and describes them in a schema
 * and in the types of other languages.
 */
public sealed interface Shape {

  /**
   * A value as a map, a list or a plain value, which lists of plain values are already.
   *
   * @param value of the type that this is the shape of
   */
  @Nullable Object json(Object value);

  /** Plain values of JSON. */
  enum Plain implements Shape {
    BOOLEAN,
    /** A whole number. */
    INTEGER,
    NUMBER,
    STRING;

    @Override
    public Object json(Object value) {
      return value;
    }
  }

  /**
   * A value of the program's own that JSON has a plain value for.
   *
   * @param as in JSON
   * @param how it is made
   */
  record Told(Plain as, UnaryOperator<Object> how) implements Shape {

    @Override
    public Object json(Object value) {
      return how.apply(value);
    }
  }

  /** Whatever a key of a job can hold. */
  record Anything() implements Shape {

    @Override
    public Object json(Object value) {
      return value;
    }
  }

  /** A job document, as objects in objects. */
  record Job() implements Shape {

    @Override
    public Object json(Object value) {
      return ((JobDocument) value).toMap();
    }
  }

  /** A constant of an enum: its label, or its name in lower case where it has none. */
  record Words(Class<?> type) implements Shape {

    @Override
    public Object json(Object value) {
      return word((Enum<?>) value);
    }

    /** All that there are, in their order. */
    public List<String> all() {
      return Arrays.stream(type.getEnumConstants()).map(each -> word((Enum<?>) each)).toList();
    }

    /** A constant as programs read it. */
    public static String word(Enum<?> constant) {
      return constant instanceof Named named
          ? named.label()
          : constant.name().toLowerCase(Locale.ROOT);
    }
  }

  /** An array. */
  record Items(Shape item) implements Shape {

    @Override
    public Object json(Object value) {
      return item instanceof Plain ? value : ((List<?>) value).stream().map(item::json).toList();
    }
  }

  /** An object whose keys are words of an enum, or texts. */
  record Table(Optional<Words> keys, Shape value) implements Shape {

    @Override
    public Object json(Object map) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      ((Map<?, ?>) map)
          .forEach(
              (key, item) ->
                  json.put(
                      key instanceof Enum<?> word ? Words.word(word) : String.valueOf(key),
                      value.json(item)));
      return json;
    }
  }

  /** Null where there is none. */
  record OrNull(Shape shape) implements Shape {

    @Override
    public @Nullable Object json(Object value) {
      if (value instanceof Optional<?> some) {
        return some.isPresent() ? shape.json(some.get()) : null;
      }
      if (value instanceof OptionalDouble some) {
        return some.isPresent() ? some.getAsDouble() : null;
      }
      if (value instanceof OptionalInt some) {
        return some.isPresent() ? some.getAsInt() : null;
      }
      OptionalLong some = (OptionalLong) value;
      return some.isPresent() ? some.getAsLong() : null;
    }
  }

  /** Not there where there is none, and its key neither. */
  record OrAbsent(Shape shape) implements Shape {

    @Override
    public @Nullable Object json(Object value) {
      return ((Extra<?>) value).value().map(shape::json).orElse(null);
    }
  }

  /** A record, or one of several; {@link Inline} ones have their keys among those around them. */
  record Whole(List<Keys> kinds, boolean isInline) implements Shape {

    @Override
    public Object json(Object value) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      put(value, json);
      return json;
    }

    /** Adds the keys of a record. */
    void put(Object value, Map<String, @Nullable Object> json) {
      Keys.of(value.getClass()).put(value, json);
    }

    /** Adds the keys without values. */
    void putNulls(Map<String, @Nullable Object> json) {
      kinds.forEach(kind -> kind.putNulls(json));
    }
  }
}
