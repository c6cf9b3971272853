package dev.vramcast.core.job.rule;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;

/** The completions of a prompt, which are generated together. */
public final class CompletionGroup {

  /** {@code num_generations} of trl/trainer/grpo_config.py, and of rloo_config.py. */
  private static final int OF_GRPO = 8;

  private static final int OF_RLOO = 2;

  private CompletionGroup() {}

  /** Sequences that all ranks together generate at once, in TRL's {@code generation_batch_size}. */
  public static long batch(PartialJob d) {
    return (long) d.whole(JobKey.MICRO_BATCH) * ranks(d) * steps(d);
  }

  /** Ranks that each have sequences of their own. */
  public static int ranks(PartialJob d) {
    int model = d.whole(JobKey.TENSOR) * d.whole(JobKey.CONTEXT) * d.whole(JobKey.PIPELINE);
    return Math.max(1, d.whole(JobKey.GPU_COUNT) / model);
  }

  /** Micro-batches that are generated at once; those of a step where nothing is said. */
  public static int steps(PartialJob d) {
    return d.document()
        .value(JobKey.STEPS_PER_GENERATION, Integer.class)
        .orElseGet(() -> d.whole(JobKey.GRAD_ACCUM));
  }

  /** Whether TRL's default holds where nothing is said. */
  public static boolean isUsual(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return stage == Stage.GRPO || stage == Stage.RLOO;
  }

  /** TRL's default. */
  public static int usual(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.RLOO ? OF_RLOO : OF_GRPO;
  }
}
