package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads numbers that configs name in more than one way. */
public final class Keys {

  private Keys() {}

  /** The first of {@code keys} that is present; the message names the first key. */
  public static String present(ModelConfig config, String... keys) {
    return Arrays.stream(keys)
        .filter(key -> config.values().get(key) != null)
        .findFirst()
        .orElse(keys[0]);
  }

  /** A required size under the first present of {@code keys}. */
  public static long size(ModelConfig config, String... keys) {
    return config.size(present(config, keys));
  }

  /** A size under the first present of {@code keys}, or empty. */
  public static Optional<Long> optionalSize(ModelConfig config, String... keys) {
    return config.optionalSize(present(config, keys));
  }

  /** The config with {@code defaults} for the keys that are absent; null stays. */
  public static ModelConfig withDefaults(ModelConfig config, Map<String, Object> defaults) {
    Map<String, Object> values = new HashMap<>(defaults);
    values.putAll(config.values());
    return new ModelConfig(config.place(), values);
  }

  /**
   * The config with what other names than the usual hold under these, where the usual are absent.
   *
   * @param names the usual name by the other
   */
  public static ModelConfig renamed(ModelConfig config, Map<String, String> names) {
    Map<String, Object> values = new HashMap<>(config.values());
    names.forEach(
        (given, usual) -> {
          if (values.get(given) != null) {
            values.putIfAbsent(usual, values.get(given));
          }
        });
    return new ModelConfig(config.place(), values);
  }

  /** The config with another value of {@code key}. */
  public static ModelConfig with(ModelConfig config, String key, Object value) {
    Map<String, Object> values = new HashMap<>(config.values());
    values.put(key, value);
    return new ModelConfig(config.place(), values);
  }

  /** {@code base} times the number {@code key}, at least 1. */
  public static long scaled(ModelConfig config, String key, double fallback, long base) {
    long scaled = Math.round(config.number(key, fallback) * base);
    if (scaled < 1) {
      throw config.about(key).is(config.values().get(key)).allowed("a positive number").refusal();
    }
    return scaled;
  }
}
