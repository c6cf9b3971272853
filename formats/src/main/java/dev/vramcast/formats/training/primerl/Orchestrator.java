package dev.vramcast.formats.training.primerl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.rl.PromptBatch;
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Optional;

/**
 * {@code prime_rl/configs/orchestrator.py} and {@code inference.py}: what is generated, and how.
 */
final class Orchestrator {

  private static final int LENGTH = 2048;

  private final JobBuilder job;

  Orchestrator(JobBuilder job) {
    this.job = job;
  }

  void read() {
    Optional<Setting> algorithm = job.get("orchestrator.algo.type");
    if (algorithm.isPresent()) {
      String word = algorithm.get().word();
      // What a teacher wrote, through the trainer of completions: no stage of its own.
      String name = word.equals("sft") ? "sft of completions" : word;
      StageNames.read(job, algorithm.get(), word.equals("max_rl") ? "grpo" : name);
    } else {
      StageNames.read(job, "grpo");
    }
    if (!job.has(JobKey.STAGE)) {
      return;
    }
    job.put(JobKey.REFERENCE, "none");
    job.any(
            "orchestrator.train.sampling.max_completion_tokens",
            "orchestrator.sampling.max_completion_tokens",
            "orchestrator.sampling.max_tokens")
        .filter(tokens -> tokens.whole() < job.whole(JobKey.SEQUENCE_LENGTH).orElse(LENGTH))
        .ifPresent(tokens -> job.put(JobKey.COMPLETION_LENGTH, tokens));
    take(JobKey.GROUP_SIZE, "orchestrator.group_size", "orchestrator.rollouts_per_example");
    take(JobKey.ENGINE_TENSOR, "inference.vllm.tensor_parallel_size", "inference.parallel.tp");
    take(
        JobKey.ENGINE_FRACTION,
        "inference.vllm.gpu_memory_utilization",
        "inference.gpu_memory_utilization");
    take(JobKey.ENGINE_LENGTH, "inference.vllm.max_model_len", "inference.model.max_model_len");
    job.reads(List.of(JobKey.ENGINE_AHEAD), this::ahead);
    job.reads(List.of(JobKey.GRAD_ACCUM), this::batch);
    job.get("max_steps").ifPresent(end -> RunLength.rounds(job, end));
  }

  /** Steps by which inference may be ahead; 1, and no such key, since 0.6. */
  private void ahead() {
    job.any(
            "orchestrator.max_async_level",
            "max_async_level",
            "orchestrator.async_level",
            "async_level")
        .ifPresent(steps -> job.put(JobKey.ENGINE_AHEAD, steps.whole() > 0, steps));
  }

  /** Rollouts are packed into rows of seq_len tokens (prime_rl/trainer/batch.py). */
  private void batch() {
    Optional<Setting> rollouts = job.get("orchestrator.batch_size");
    if (rollouts.isPresent()) {
      long processes = Math.max(1, Nodes.count(job) / job.whole(JobKey.CONTEXT).orElse(1));
      job.put(
          JobKey.GRAD_ACCUM, new PromptBatch(processes, 1, 1).each(rollouts.get()), rollouts.get());
      job.say(
          FindingCode.NOT_COUNTED,
          rollouts.get(),
          "rollouts are packed into rows of seq_len tokens, counted as one rollout a row");
    }
  }

  private void take(JobKey key, String... names) {
    job.any(names).ifPresent(setting -> job.reads(List.of(key), () -> job.put(key, setting)));
  }
}
