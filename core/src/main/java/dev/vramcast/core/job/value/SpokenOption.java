package dev.vramcast.core.job.value;

import dev.vramcast.core.input.Named;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the option that a word means: in whatever case, with lines below or blanks for hyphens, by
 * PyTorch's name of a dtype, or by another word that is said for it alone.
 */
final class SpokenOption {

  private static final Map<String, String> TORCH_NAMES =
      Map.of("bfloat16", "bf16", "float16", "fp16", "float32", "fp32");

  private SpokenOption() {}

  /** The value behind a word or a truth value; empty where it means none of them. */
  static Optional<Object> find(Map<String, Object> options, Object raw) {
    if (!(raw instanceof String) && !(raw instanceof Boolean)) {
      return Optional.empty();
    }
    String lower = raw.toString().toLowerCase(Locale.ROOT);
    String name = Objects.requireNonNull(TORCH_NAMES.getOrDefault(lower, lower));
    String word = hyphened(name);
    return Optional.ofNullable(options.get(raw.toString()))
        .or(() -> labelled(options, name))
        .or(() -> labelled(options, word))
        .or(() -> spoken(options, word));
  }

  private static Optional<Object> labelled(Map<String, Object> options, String name) {
    return options.entrySet().stream()
        .filter(option -> option.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Optional<Object> spoken(Map<String, Object> options, String word) {
    return options.values().stream()
        .filter(value -> value instanceof Named named && named.spoken().contains(word))
        .findFirst();
  }

  private static String hyphened(String word) {
    return word.replace('_', '-').replace(' ', '-');
  }
}
