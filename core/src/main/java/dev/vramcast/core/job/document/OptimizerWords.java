package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.option.OptimizerImplementation.APEX;
import static dev.vramcast.core.job.option.OptimizerImplementation.BITSANDBYTES;
import static dev.vramcast.core.job.option.OptimizerImplementation.FOREACH;
import static dev.vramcast.core.job.option.OptimizerImplementation.FOR_LOOP;
import static dev.vramcast.core.job.option.OptimizerImplementation.FUSED;
import static dev.vramcast.core.job.option.OptimizerImplementation.TORCHAO;

import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Transformers' names of optimizers (5.24 training_args.py OptimizerNames and
 * trainer_optimizer.py), and those that frameworks add (axolotl 0.19 utils/schemas/enums.py
 * CustomSupportedOptimizers and core/builders/base.py), as far as they mean an update rule of a job
 * and whose code runs it.
 */
public final class OptimizerWords {

  /** What a name says. */
  public record Meaning(OptimizerName name, OptimizerImplementation implementation) {}

  /**
   * What is counted in place of an optimizer that is not described.
   *
   * @param reason what it is counted as, and why
   */
  public record StandIn(Meaning meaning, String reason) {}

  private static final Map<String, Meaning> WORDS = words();
  private static final Map<String, StandIn> INSTEAD = instead();

  private OptimizerWords() {}

  /** All names, of one update rule the most usual first. */
  public static Map<String, Meaning> all() {
    return WORDS;
  }

  /** Names of which the job document lacks an equal, with what is counted in their place. */
  public static Map<String, StandIn> standIns() {
    return INSTEAD;
  }

  /** What a training file that has such a name is counted as; empty for other keys and names. */
  static Optional<StandIn> instead(JobKey key, String word) {
    return key == JobKey.OPTIMIZER_NAME
        ? Optional.ofNullable(INSTEAD.get(plain(word)))
        : Optional.empty();
  }

  private static String plain(String word) {
    return word.strip().toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
  }

  /** What a value of a key means; empty for other keys and for names of the job's own. */
  static Optional<Meaning> find(JobKey key, Object raw) {
    if (key != JobKey.OPTIMIZER_NAME || !(raw instanceof String text)) {
      return Optional.empty();
    }
    String word = text.strip().toLowerCase(Locale.ROOT);
    return key.kind().words().contains(word.replace('_', '-').replace(' ', '-'))
        ? Optional.empty()
        : Optional.ofNullable(WORDS.get(plain(word)));
  }

  private static Map<String, Meaning> words() {
    Map<String, Meaning> words = new LinkedHashMap<>();
    words.put("adamw_torch", new Meaning(OptimizerName.ADAMW, FOREACH));
    words.put("adamw_torch_fused", new Meaning(OptimizerName.ADAMW, FUSED));
    words.put("adamw_torch_xla", new Meaning(OptimizerName.ADAMW, FOREACH));
    words.put("adamw_torch_npu_fused", new Meaning(OptimizerName.ADAMW, FUSED));
    words.put("adamw_hf", new Meaning(OptimizerName.ADAMW, FOR_LOOP));
    words.put("adamw_apex_fused", new Meaning(OptimizerName.ADAMW, APEX));
    words.put("adamw", new Meaning(OptimizerName.ADAMW, FOREACH));
    words.put("adamw_torch_4bit", new Meaning(OptimizerName.ADAMW_4BIT, TORCHAO));
    words.put("adamw_torch_8bit", new Meaning(OptimizerName.ADAMW_8BIT, TORCHAO));
    words.put("ao_adamw_4bit", new Meaning(OptimizerName.ADAMW_4BIT, TORCHAO));
    words.put("ao_adamw_8bit", new Meaning(OptimizerName.ADAMW_8BIT, TORCHAO));
    words.put("adamw_bnb_8bit", new Meaning(OptimizerName.ADAMW_8BIT, BITSANDBYTES));
    words.put("adamw_8bit", new Meaning(OptimizerName.ADAMW_8BIT, BITSANDBYTES));
    words.put("paged_adamw", new Meaning(OptimizerName.PAGED_ADAMW, BITSANDBYTES));
    words.put("paged_adamw_32bit", new Meaning(OptimizerName.PAGED_ADAMW, BITSANDBYTES));
    words.put("paged_adamw_8bit", new Meaning(OptimizerName.PAGED_ADAMW_8BIT, BITSANDBYTES));
    words.put("lion_32bit", new Meaning(OptimizerName.LION, BITSANDBYTES));
    words.put("lion_8bit", new Meaning(OptimizerName.LION_8BIT, BITSANDBYTES));
    words.put("paged_lion_32bit", new Meaning(OptimizerName.PAGED_LION, BITSANDBYTES));
    words.put("paged_lion_8bit", new Meaning(OptimizerName.PAGED_LION_8BIT, BITSANDBYTES));
    words.put("ademamix", new Meaning(OptimizerName.ADEMAMIX, BITSANDBYTES));
    words.put("ademamix_8bit", new Meaning(OptimizerName.ADEMAMIX_8BIT, BITSANDBYTES));
    words.put("paged_ademamix_32bit", new Meaning(OptimizerName.PAGED_ADEMAMIX, BITSANDBYTES));
    words.put("paged_ademamix_8bit", new Meaning(OptimizerName.PAGED_ADEMAMIX_8BIT, BITSANDBYTES));
    words.put("rmsprop", new Meaning(OptimizerName.RMSPROP, FOREACH));
    words.put("rmsprop_bnb", new Meaning(OptimizerName.RMSPROP, BITSANDBYTES));
    words.put("rmsprop_bnb_32bit", new Meaning(OptimizerName.RMSPROP, BITSANDBYTES));
    words.put("rmsprop_bnb_8bit", new Meaning(OptimizerName.RMSPROP_8BIT, BITSANDBYTES));
    words.put("adagrad", new Meaning(OptimizerName.ADAGRAD, FOREACH));
    words.put("stable_adamw", new Meaning(OptimizerName.STABLE_ADAMW, FUSED));
    words.put("adafactor", new Meaning(OptimizerName.ADAFACTOR, FOR_LOOP));
    words.put("sgd", new Meaning(OptimizerName.SGD, FOREACH));
    words.put("galore_adamw", new Meaning(OptimizerName.GALORE, FOR_LOOP));
    words.put("apollo_adamw", new Meaning(OptimizerName.APOLLO, FOR_LOOP));
    words.put("lomo", new Meaning(OptimizerName.LOMO, FOR_LOOP));
    words.put("schedule_free_adamw", new Meaning(OptimizerName.SCHEDULE_FREE_ADAMW, FOREACH));
    words.put("adalomo", new Meaning(OptimizerName.ADALOMO, FOR_LOOP));
    words.put("schedule_free_radam", new Meaning(OptimizerName.SCHEDULE_FREE_RADAM, FOREACH));
    words.put("schedule_free_sgd", new Meaning(OptimizerName.SCHEDULE_FREE_SGD, FOREACH));
    words.put("flash_adamw", new Meaning(OptimizerName.FLASH_ADAMW, FUSED));
    words.put("muon", new Meaning(OptimizerName.MUON, FOR_LOOP));
    return Collections.unmodifiableMap(words);
  }

  private static Map<String, StandIn> instead() {
    StandIns table = new StandIns();
    table.add(
        OptimizerName.ADAMW,
        FOR_LOOP,
        "counted as adamw with states in the parameters' dtype",
        "adamw_anyprecision");
    table.add(
        OptimizerName.ADAMW,
        FOREACH,
        "counted as adamw, which keeps as many states",
        "optimi_adamw",
        "adopt_adamw",
        "adamc",
        "polora");
    table.add(
        OptimizerName.ADAMW_8BIT,
        TORCHAO,
        "counted as adamw-8bit, whose states are as large",
        "ao_adamw_fp8");
    table.add(
        OptimizerName.GALORE,
        FOR_LOOP,
        "counted as galore with states that are not quantised",
        "galore_adamw_8bit",
        "q_galore_adamw8bit");
    table.add(
        OptimizerName.GALORE,
        FOR_LOOP,
        "counted as galore with AdamW's states",
        "galore_adafactor");
    table.add(
        OptimizerName.GALORE,
        FOR_LOOP,
        "counted as galore that steps after the backward pass",
        "galore_adamw_layerwise",
        "galore_adamw_8bit_layerwise",
        "galore_adafactor_layerwise");
    table.add(
        OptimizerName.APOLLO,
        FOR_LOOP,
        "counted as apollo that steps after the backward pass",
        "apollo_adamw_layerwise");
    table.add(
        OptimizerName.SGD,
        FOREACH,
        "counted as sgd, as its three states are in the machine's memory, one parameter's at a time"
            + " on the GPU",
        "grokadamw");
    table.add(OptimizerName.SGD, FOREACH, "counted as sgd", "flash_sgd", "flash_sgdw");
    table.add(
        OptimizerName.ADAFACTOR,
        FOR_LOOP,
        "counted as adafactor, which keeps a momentum less",
        "came_pytorch");
    table.add(
        OptimizerName.MUON,
        FOR_LOOP,
        "counted as muon, which keeps one state for matrices too",
        "dion");
    table.add(OptimizerName.NONE, FOR_LOOP, "counted without states", "sinkgd");
    table.add(
        OptimizerName.FLASH_ADAMW,
        FUSED,
        "counted as flash-adamw, whose states are the same",
        "flash_adam");
    table.add(
        OptimizerName.LION_8BIT,
        BITSANDBYTES,
        "counted as lion-8bit, whose state is as large",
        "flash_lion");
    return Collections.unmodifiableMap(table.rows);
  }

  /** What is counted in place of several names each. */
  private static final class StandIns {

    private final Map<String, StandIn> rows = new LinkedHashMap<>();

    void add(OptimizerName name, OptimizerImplementation by, String reason, String... otherNames) {
      for (String other : otherNames) {
        rows.put(other, new StandIn(new Meaning(name, by), reason));
      }
    }
  }
}
