package dev.vramcast.formats.run;

import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.MeasuredSpeed.Counted;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFacts;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * {@code trainer_state.json} of Transformers, or the results of a run alone.
 *
 * <p>With {@code skip_memory_metrics=False} the trainer logs raw bytes at the end
 * (TrainerMemoryTracker in trainer_utils.py, 5.24): {@code before_init_mem_gpu} is allocated before
 * the trainer is made, {@code init_mem_gpu_alloc_delta} more once it is made, {@code
 * train_mem_gpu_alloc_delta} more after training, and {@code train_mem_gpu_peaked_delta} how far
 * the peak was above that.
 */
final class TrainerState {

  private static final List<String> MEMORY =
      List.of(
          "before_init_mem_gpu",
          "init_mem_gpu_alloc_delta",
          "train_mem_gpu_alloc_delta",
          "train_mem_gpu_peaked_delta");

  private static final String TOKENS_PER_SECOND = "train_tokens_per_second";
  private static final String SAMPLES_PER_SECOND = "train_samples_per_second";
  private static final String RUNTIME = "train_runtime";

  /** What TRL's trainers log: tokens seen so far, without padding. */
  private static final String TRL_TOKENS = "num_tokens";

  private final String source;
  private final Map<String, Object> last;
  private final RunBuilder run;

  private TrainerState(String source, Map<String, Object> last) {
    this.source = source;
    this.last = last;
    this.run = new RunBuilder(source);
  }

  static Run read(Map<String, Object> state, String source) {
    if (!(state.get("log_history") instanceof List<?> entries)) {
      throw InputError.about(new Subject.Item("log_history"))
          .at(Place.of(source))
          .and(" is no list")
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
    Map<String, Object> last = new LinkedHashMap<>();
    for (Object entry : entries) {
      last.putAll(
          RunJson.object(entry, InputError.of("an entry of log_history ").at(Place.of(source))));
    }
    return new TrainerState(source, last).run();
  }

  static Run ofResults(Map<String, Object> results, String source) {
    return new TrainerState(source, results).run();
  }

  private Run run() {
    memory();
    speed();
    Run read = run.build();
    if (read.isEmpty()) {
      throw InputError.of("reports no memory and no speed")
          .kind(ErrorKind.MISSING)
          .at(Place.of(source))
          .hint("train with skip_memory_metrics=False and include_num_input_tokens_seen=\"all\"")
          .refusal();
    }
    return read;
  }

  private void memory() {
    if (!last.containsKey("train_mem_gpu_peaked_delta")) {
      return;
    }
    BigDecimal loaded = BigDecimal.ZERO;
    for (String key : MEMORY.subList(0, 2)) {
      loaded = loaded.add(last.containsKey(key) ? number(key) : BigDecimal.ZERO);
    }
    BigDecimal peak = loaded.add(number(MEMORY.get(2))).add(number(MEMORY.get(3)));
    run.highest(RunFigure.ALLOCATED, bytes(peak, "the sum of " + String.join(", ", MEMORY)));
    if (loaded.signum() > 0) {
      run.highest(RunFigure.AFTER_LOAD, bytes(loaded, "the sum of " + MEMORY.subList(0, 2)));
    }
    run.note(
        "The trainer's peak counts evaluations during training, and not what is allocated between"
            + " its making and train().");
  }

  private MeasuredBytes bytes(BigDecimal value, String what) {
    return Amount.bytes(value.toPlainString(), 1, about(what), source);
  }

  private void speed() {
    OptionalDouble samples = optional(SAMPLES_PER_SECOND);
    OptionalDouble tokens = optional(TOKENS_PER_SECOND);
    Counted counted = Counted.UNKNOWN;
    if (tokens.isEmpty() && last.containsKey(TRL_TOKENS) && last.containsKey(RUNTIME)) {
      tokens = OptionalDouble.of(positive(TRL_TOKENS) / positive(RUNTIME));
      counted = Counted.NO_PADDING;
    }
    OptionalDouble each =
        tokens.isPresent() && samples.isPresent()
            ? OptionalDouble.of(tokens.getAsDouble() / samples.getAsDouble())
            : OptionalDouble.empty();
    run.facts(RunFacts.ofData(each, samples));
    if (tokens.isPresent()) {
      run.speed(tokens.getAsDouble(), false, counted);
      run.note(
          "The speed is that of the whole run: evaluations, checkpoints and the first steps, which"
              + " compile and warm up, are in its time.");
    }
  }

  private OptionalDouble optional(String key) {
    return last.containsKey(key) ? OptionalDouble.of(positive(key)) : OptionalDouble.empty();
  }

  private double positive(String key) {
    return Amount.perSecond(String.valueOf(last.get(key)), about(key));
  }

  private InputError about(String key) {
    return InputError.about(new Subject.Item(key)).at(Place.of(source));
  }

  /** A difference, which may be negative. */
  private BigDecimal number(String key) {
    Object value = last.get(key);
    if (!(value instanceof Integer || value instanceof Long)
        || !(value instanceof Number number)
        || Math.abs(number.doubleValue()) > Amount.MOST_BYTES) {
      throw about(key).is(value).allowed("a whole number of bytes up to 2^50").refusal();
    }
    return BigDecimal.valueOf(number.longValue());
  }
}
