package dev.vramcast.core.architecture;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a Hugging Face {@code config.json}, read key by key with checks.
 *
 * @param place where it came from, for messages
 * @param values parsed JSON: maps, lists, strings, numbers, booleans and nulls
 */
public record ModelConfig(Place.Line place, Map<String, Object> values) {

  /** Under which Transformers writes where a model was loaded from. */
  public static final String NAME = "_name_or_path";

  private static final long MAX_DIMENSION = 1L << 31;

  /** A whole text of that name. */
  public ModelConfig(String source, Map<String, Object> values) {
    this(Place.of(source), values);
  }

  /** An object in it, under a key. */
  public ModelConfig within(String key, Map<String, Object> object) {
    String path = place.key().isEmpty() ? key : place.key() + "." + key;
    Place.Line inside = new Place.Line(place.source(), place.line(), place.column(), path);
    return new ModelConfig(inside, object);
  }

  /** An error about a key of it. */
  public InputError about(String key) {
    return InputError.about(new Subject.Item(key)).at(place);
  }

  /** The same with some values in place of its own. */
  public ModelConfig with(Map<String, Object> others) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.putAll(others);
    return new ModelConfig(place, all);
  }

  /** A required whole number between 1 and 2^31. */
  public long size(String key) {
    return optionalSize(key).orElseThrow(() -> about(key).missing().refusal());
  }

  /** A whole number between 1 and 2^31, or {@code fallback} when absent or null. */
  public long size(String key, long fallback) {
    return optionalSize(key).orElse(fallback);
  }

  /** A whole number between 1 and 2^31, or empty when absent or null. */
  public Optional<Long> optionalSize(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Number number && number.doubleValue() == number.longValue()) {
      long size = number.longValue();
      if (size >= 1 && size <= MAX_DIMENSION) {
        return Optional.of(size);
      }
    }
    throw unfit(key, value, "a whole number from 1 to " + MAX_DIMENSION);
  }

  /** As {@link #size(String)}, but 0 is allowed. */
  public long count(String key, long fallback) {
    Object value = values.get(key);
    return value instanceof Number number && number.doubleValue() == 0 ? 0 : size(key, fallback);
  }

  /** A finite number. */
  public double number(String key, double fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw unfit(key, value, "a number");
  }

  public boolean flag(String key, boolean fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw unfit(key, value, "true or false");
  }

  public String text(String key, String fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof String text) {
      return text;
    }
    throw unfit(key, value, "a text");
  }

  /** A list, empty when absent or null. */
  public List<?> list(String key) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw unfit(key, value, "a list");
  }

  /** A nested object, empty when absent or null. */
  @SuppressWarnings("unchecked")
  public Optional<ModelConfig> nested(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Map<?, ?> map) {
      return Optional.of(within(key, (Map<String, Object>) map));
    }
    throw unfit(key, value, "an object");
  }

  private InputException unfit(String key, Object value, String expected) {
    return about(key).is(value).allowed(expected).refusal();
  }
}
