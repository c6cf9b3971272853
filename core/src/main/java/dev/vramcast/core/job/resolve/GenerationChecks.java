package dev.vramcast.core.job.resolve;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.rule.CompletionGroup;
import dev.vramcast.core.job.rule.PartialJob;

/** Refuses settings of an engine that contradict it, or the batch that it generates. */
final class GenerationChecks {

  private final PartialJob d;

  private GenerationChecks(PartialJob d) {
    this.d = d;
  }

  /** Of a job that generates completions. */
  static void check(PartialJob d) {
    GenerationChecks checks = new GenerationChecks(d);
    checks.checkSleep();
    checks.checkLength();
  }

  /**
   * All completions of a prompt are generated at once (trl/trainer/grpo_config.py, {@code
   * generation_batch_size} must be divisible by {@code num_generations}).
   */
  static void checkGroup(PartialJob d) {
    if (!d.isSet(JobKey.GROUP_SIZE)) {
      return;
    }
    int group = d.whole(JobKey.GROUP_SIZE);
    int ranks = CompletionGroup.ranks(d);
    int steps = CompletionGroup.steps(d);
    long batch = CompletionGroup.batch(d);
    if (batch % group != 0) {
      throw d.given(JobKey.GROUP_SIZE)
          .and(", but ", JobKey.MICRO_BATCH, " ", d.whole(JobKey.MICRO_BATCH), " x ", ranks)
          .and(" GPUs x ", JobKey.STEPS_PER_GENERATION, " ", steps, " is ", batch)
          .allowed("a number that divides it")
          .refusal();
    }
  }

  private void checkSleep() {
    GenerationEngine engine = d.get(JobKey.ENGINE, GenerationEngine.class);
    boolean sleeps =
        switch (engine) {
          case VLLM_COLOCATE, SGLANG_COLOCATE, SHARED -> true;
          case NONE, TRANSFORMERS, VLLM_SERVER, SGLANG_SERVER, DEEPSPEED_HYBRID -> false;
        };
    if (d.isSet(JobKey.ENGINE_SLEEP) && !d.isSet(JobKey.ENGINE_SLEEP, 0) && !sleeps) {
      throw d.given(JobKey.ENGINE_SLEEP)
          .and(", but ", JobKey.ENGINE, " ", engine, " does not sleep")
          .allowed("0, or ", JobKey.ENGINE, " vllm-colocate, sglang-colocate, shared")
          .refusal();
    }
  }

  /** A packed row that is not said to be a prompt and its completion may hold several of both. */
  private void checkLength() {
    boolean several =
        d.get(JobKey.PADDING, Padding.class) == Padding.PACKED && !d.isSet(JobKey.PROMPT_LENGTH);
    if (!d.isSet(JobKey.ENGINE_LENGTH) || several) {
      return;
    }
    int length = d.whole(JobKey.SEQUENCE_LENGTH);
    if (length > d.whole(JobKey.ENGINE_LENGTH)) {
      throw d.given(JobKey.ENGINE_LENGTH)
          .and(", but ", JobKey.SEQUENCE_LENGTH, " is ", length)
          .allowed("at least that")
          .refusal();
    }
  }
}
