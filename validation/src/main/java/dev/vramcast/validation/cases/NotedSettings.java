package dev.vramcast.validation.cases;

import dev.vramcast.core.job.document.JobKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings that a source gives in numbers over all GPUs, or beside the keys of a job, which stand
 * in the notes: {@code generation_global_batch} sequences are generated at once and {@code
 * train_global_batch} trained on by each update, and {@code average_sequence} is the mean of
 * prompts with their completions, in tokens. A job that says the same by its own keys is followed.
 * The engine's degree ({@code engine_tp_pp}) is left to the framework's rule: without the engine's
 * share of the card, which such a source does not give, it may be one that does not start.
 */
record NotedSettings(Map<String, Object> job, String notes) {

  private static final Pattern GENERATED = number("generation_global_batch");
  private static final Pattern TRAINED = number("train_global_batch");
  private static final Pattern MEAN = number("average_sequence");

  private static Pattern number(String name) {
    return Pattern.compile("\\b" + name + "=(\\d{1,9})\\b");
  }

  /** Values of keys that the job may leave out, as a document writes them. */
  Map<JobKey, String> settings() {
    Map<JobKey, String> settings = new EnumMap<>(JobKey.class);
    steps().ifPresent(steps -> settings.put(JobKey.STEPS_PER_GENERATION, steps));
    boolean together = stated("objective", "prompt_length").isEmpty();
    of(MEAN)
        .ifPresent(
            mean -> {
              if (together && mean > 1) {
                settings.put(JobKey.COMPLETION_MEAN, Long.toString(mean - 1));
              }
            });
    return settings;
  }

  /** Micro-batches of a generation, of which an update accumulates some. */
  private Optional<String> steps() {
    OptionalLong generated = of(GENERATED);
    OptionalLong trained = of(TRAINED);
    Optional<Integer> accumulated = stated("batch", "grad_accum");
    if (generated.isEmpty() || trained.isEmpty() || accumulated.isEmpty()) {
      return Optional.empty();
    }
    long micro = generated.getAsLong() * accumulated.get();
    long update = trained.getAsLong();
    return update > 0 && micro >= update && micro % update == 0
        ? Optional.of(Long.toString(micro / update))
        : Optional.empty();
  }

  private Optional<Integer> stated(String section, String key) {
    return job.get(section) instanceof Map<?, ?> fields
            && fields.get(key) instanceof Number number
            && number.intValue() > 0
        ? Optional.of(number.intValue())
        : Optional.empty();
  }

  private OptionalLong of(Pattern pattern) {
    Matcher matcher = pattern.matcher(notes);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
