package dev.vramcast.core.architecture;

import dev.vramcast.core.input.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a Hugging Face {@code config.json}, read key by key with checks.
 *
 * @param source where it came from, for messages
 * @param values parsed JSON: maps, lists, strings, numbers, booleans and nulls
 */
public record ModelConfig(String source, Map<String, Object> values) {

  private static final long MAX_DIMENSION = 1L << 31;

  /** The same with some values in place of its own. */
  public ModelConfig with(Map<String, Object> others) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.putAll(others);
    return new ModelConfig(source, all);
  }

  /** A required whole number between 1 and 2^31. */
  public long size(String key) {
    return optionalSize(key)
        .orElseThrow(() -> new InputException(source + ": '" + key + "' is missing"));
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
      return Optional.of(new ModelConfig(source + ": " + key, (Map<String, Object>) map));
    }
    throw unfit(key, value, "an object");
  }

  private InputException unfit(String key, Object value, String expected) {
    return new InputException(source + ": '" + key + "' is " + value + ", expected " + expected);
  }
}
