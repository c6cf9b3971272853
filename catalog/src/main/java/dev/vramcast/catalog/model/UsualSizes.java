package dev.vramcast.catalog.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A usual dense model for each size, for those who know of theirs no more than the size. */
public final class UsualSizes {

  private static final String WORD = " parameters";
  private static final Pattern NAME =
      Pattern.compile("(\\d{1,4}(?:\\.\\d{1,3})?\\s*[mMbB])" + WORD);

  private static final List<String> NAMES =
      List.of(
          "smollm2-135m",
          "smollm2-360m",
          "qwen2.5-0.5b",
          "llama-3.2-1b",
          "qwen2.5-1.5b",
          "gemma-2-2b",
          "llama-3.2-3b",
          "qwen3-4b",
          "qwen2.5-7b",
          "llama-3.1-8b",
          "gemma-2-9b",
          "mistral-nemo-12b",
          "llama-2-13b",
          "qwen2.5-14b",
          "mistral-small-22b-2409",
          "mistral-small-24b-2501",
          "gemma-2-27b",
          "qwen2.5-32b",
          "falcon-40b",
          "llama-3.1-70b",
          "qwen2.5-72b",
          "llama-3.1-405b");

  private UsualSizes() {}

  /**
   * What a model is called of which the size alone is known, as in {@code 14B parameters}; empty
   * when a text is no such size.
   */
  public static Optional<String> name(String size) {
    String name = size.strip() + WORD;
    return NAME.matcher(name).matches() ? Optional.of(name) : Optional.empty();
  }

  /** The usual model that is nearest to the size that a name says; empty for other names. */
  public static Optional<ModelEntry> find(String name) {
    Matcher matcher = NAME.matcher(name.strip());
    return matcher.matches()
        ? Optional.of(nearest(ParameterCount.parse(matcher.group(1))))
        : Optional.empty();
  }

  private static ModelEntry nearest(ParameterCount size) {
    return NAMES.stream()
        .map(name -> ModelCatalog.embedded().find(name).orElseThrow())
        .min(Comparator.comparingDouble(entry -> distance(entry, size)))
        .orElseThrow();
  }

  private static double distance(ModelEntry entry, ParameterCount size) {
    return Math.abs(Math.log((double) entry.parameters().orElseThrow() / size.value()));
  }
}
