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
 * trainer_optimizer.py), and those that frameworks add, as far as they mean an update rule of a job
 * and whose code runs it.
 */
public final class OptimizerWords {

  /** What a name says. */
  public record Meaning(OptimizerName name, OptimizerImplementation implementation) {}

  private static final Map<String, Meaning> WORDS = words();

  private OptimizerWords() {}

  /** All names, of one update rule the most usual first. */
  public static Map<String, Meaning> all() {
    return WORDS;
  }

  /** What a value of a key means; empty for other keys and for names of the job's own. */
  static Optional<Meaning> find(JobKey key, Object raw) {
    if (key != JobKey.OPTIMIZER_NAME || !(raw instanceof String text)) {
      return Optional.empty();
    }
    String word = text.strip().toLowerCase(Locale.ROOT);
    return key.kind().words().contains(word.replace('_', '-').replace(' ', '-'))
        ? Optional.empty()
        : Optional.ofNullable(WORDS.get(word.replace('-', '_').replace(' ', '_')));
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
    words.put("muon", new Meaning(OptimizerName.MUON, FOR_LOOP));
    return Collections.unmodifiableMap(words);
  }
}
