package dev.vramcast.catalog.model;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A usual model for each size, for those who know of theirs no more than the size. A dense one,
 * unless it is said how many parameters a token visits.
 */
public final class UsualSizes {

  private static final String SIZE = "(\\d{1,6}(?:\\.\\d{1,3})?\\s*[mMbBtT])";
  private static final String WORD = " parameters";
  private static final String ACTIVE = " active";
  private static final Pattern NAME = Pattern.compile(SIZE + WORD + "(?:, " + SIZE + ACTIVE + ")?");

  /** Beyond this many times larger or smaller a model says nothing about another. */
  private static final double FARTHEST = 1.7;

  private static final double BILLION = 1e9;

  /** One model of each of a few sizes, the smallest first, for those who have none in mind. */
  public static final List<String> LADDER =
      List.of(
          "qwen2.5-0.5b",
          "qwen2.5-1.5b",
          "llama-3.2-3b",
          "llama-3.1-8b",
          "qwen2.5-14b",
          "qwen3-30b-a3b",
          "qwen2.5-32b",
          "llama-3.1-70b");

  private static final List<String> DENSE =
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

  private static final List<String> SPARSE =
      List.of(
          "qwen1.5-moe-a2.7b",
          "deepseek-v2-lite",
          "gpt-oss-20b",
          "qwen3-30b-a3b",
          "mixtral-8x7b",
          "llama-4-scout-17b-16e",
          "gpt-oss-120b",
          "qwen3-235b-a22b",
          "deepseek-v3");

  private UsualSizes() {}

  /** Whether a name is that of a usual model. */
  static boolean isOne(String name) {
    return LADDER.contains(name) || DENSE.contains(name) || SPARSE.contains(name);
  }

  /** A model of which the size alone is known. */
  private record Wanted(String text, long all, Optional<Long> active) {

    private static Wanted of(Matcher matcher) {
      Optional<Long> active =
          Optional.ofNullable(matcher.group(2)).map(text -> ParameterCount.parse(text).value());
      Wanted wanted =
          new Wanted(matcher.group(), ParameterCount.parse(matcher.group(1)).value(), active);
      if (active.filter(visited -> visited > wanted.all).isPresent()) {
        throw InputError.about(Subject.option("--active-params"))
            .is(matcher.group(2))
            .allowed("no more than the ", matcher.group(1), " of all")
            .refusal();
      }
      return wanted;
    }

    /** How many times the model is larger or smaller, by what is known of the size. */
    private double times(ModelEntry entry) {
      Architecture model = Families.read(entry.config());
      double all = apart(Tensors.count(model), this.all);
      return active
          .map(visited -> Math.max(all, apart(Tensors.activeCount(model), visited)))
          .orElse(all);
    }

    private static double apart(double one, double other) {
      return Math.max(one / other, other / one);
    }
  }

  /**
   * What a model is called of which the size alone is known, as in {@code 14B parameters} or {@code
   * 30B parameters, 3B active}; empty when a text is no such size.
   */
  public static Optional<String> name(String size, Optional<String> active) {
    String name =
        ParameterCount.plain(size)
            + WORD
            + active.map(visited -> ", " + ParameterCount.plain(visited) + ACTIVE).orElse("");
    return NAME.matcher(name).matches() ? Optional.of(name) : Optional.empty();
  }

  /**
   * The usual model that is nearest to the size that a name says; empty for other names.
   *
   * @throws InputException where none is near
   */
  public static Optional<ModelEntry> find(String name) {
    Matcher matcher = NAME.matcher(name.strip());
    return matcher.matches() ? Optional.of(nearest(Wanted.of(matcher))) : Optional.empty();
  }

  private static ModelEntry nearest(Wanted wanted) {
    ModelEntry nearest =
        (wanted.active().isPresent() ? SPARSE : DENSE)
            .stream()
                .map(name -> ModelCatalog.embedded().find(name).orElseThrow())
                .min(Comparator.comparingDouble(wanted::times))
                .orElseThrow();
    if (wanted.times(nearest) > FARTHEST) {
      throw InputError.of("no usual model is as large as ", wanted.text())
          .kind(ErrorKind.NO_MATCH)
          .and(": the nearest is ", nearest.name(), " with ", billions(nearest), "B")
          .concerning(Subject.option("--params"))
          .hint("name a model, or give its config.json")
          .refusal();
    }
    return nearest;
  }

  /** Parameters in billions, for people. */
  public static String billions(ModelEntry entry) {
    long count = entry.parameters().orElseGet(() -> Tensors.count(Families.read(entry.config())));
    return String.format(Locale.ROOT, "%.2f", count / BILLION);
  }
}
