package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.option.layer.PipelineSchedule;
import dev.vramcast.core.step.pipeline.VirtualStages;

/** What a pipeline of PyTorch's stages can run, and what of it is modelled. */
final class PipelineChecks {

  /** Schedules are gone through pass by pass, at every rank. */
  private static final int MOST_MICRO_BATCHES = 4096;

  /** Each that is in flight is written by itself. */
  private static final int MOST_IN_FLIGHT = 64;

  private PipelineChecks() {}

  static void check(Architecture architecture, ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    boolean sharded = degrees.strategy() == Strategy.FSDP2;
    if (!sharded && degrees.strategy() != Strategy.NONE) {
      throw Gap.value(JobKey.PIPELINE, degrees.pipeline())
          .and(" under ", JobKey.STRATEGY, " ", degrees.strategy())
          .needs("what a stage holds of micro-batches in flight")
          .modelled(JobKey.STRATEGY, " megatron, fsdp2, none")
          .refusal();
    }
    if (architecture.head().tied()) {
      // hf_utils.py validate_hf_model_for_pipeline_support refuses one weight, not two copies.
      throw Gap.value(JobKey.PIPELINE, degrees.pipeline())
          .and(" of a model whose head is its embedding")
          .needs("which stages have a copy of it")
          .modelled(JobKey.PIPELINE, " 1")
          .refusal();
    }
    if (sharded && degrees.reshardAfterForward()) {
      throw gap(JobKey.RESHARD_AFTER_FORWARD, true, "false");
    }
    if (job.method() != Method.FULL && job.adapter().isEmpty() || job.method() == Method.FREEZE) {
      throw gap(JobKey.METHOD, job.method().label(), "full, lora and its kin");
    }
    if (!job.objective().stage().isSupervised()) {
      throw gap(JobKey.STAGE, job.objective().stage().label(), "supervised ones");
    }
    if (job.evaluation().isPresent()) {
      throw gap(JobKey.EVALUATION_BATCHES, "set", "none");
    }
    if (job.batch().hasImages()) {
      throw gap(JobKey.IMAGES, job.batch().images().count(), "0");
    }
    if (job.batch().hasSound()) {
      throw gap(JobKey.AUDIO_SECONDS, "set", "0");
    }
    if (!degrees.offload().isEmpty()) {
      throw gap(JobKey.OFFLOAD, degrees.offload(), "none");
    }
    if (job.optimizer().inBackward()) {
      throw gap(JobKey.OPTIMIZER_IN_BACKWARD, true, "false");
    }
    checkRounds(VirtualStages.of(architecture.layerCount(), job), job);
  }

  /** Schedule1F1B and ScheduleInterleaved1F1B of torch/distributed/pipelining/schedules.py. */
  private static void checkRounds(VirtualStages stages, ResolvedJob job) {
    int ranks = job.parallelism().pipeline();
    int microBatches = job.parallelism().pipelining().atATime(job.batch());
    PipelineSchedule schedule = job.parallelism().schedule(stages.perRank());
    boolean stated = job.parallelism().pipelining().microBatches().isPresent();
    JobKey key = stated ? JobKey.PIPELINE_MICRO_BATCHES : JobKey.GRAD_ACCUM;
    InputError refused =
        InputError.about(key)
            .kind(ErrorKind.CONTRADICTION)
            .isSet(microBatches)
            .and(" under ", JobKey.PIPELINE_SCHEDULE, " ", schedule);
    if (schedule == PipelineSchedule.ONE_FORWARD_ONE_BACKWARD && microBatches < ranks) {
      throw refused.allowed("at least ", JobKey.PIPELINE, " ", ranks).refusal();
    }
    int most =
        schedule.runsAllForward()
            ? Math.max(1, MOST_IN_FLIGHT / stages.perRank())
            : MOST_MICRO_BATCHES;
    if (microBatches > most) {
      throw Gap.value(key, microBatches)
          .and(" under ", JobKey.PIPELINE_SCHEDULE, " ", schedule)
          .modelled("up to " + most)
          .refusal();
    }
    int rounds = Math.max(1, microBatches / ranks);
    if (schedule == PipelineSchedule.INTERLEAVED && microBatches % rounds != 0) {
      throw refused.allowed("a multiple of ", rounds, ", the rounds it takes").refusal();
    }
    if (job.batch().gradAccum() % microBatches != 0) {
      throw InputError.about(JobKey.GRAD_ACCUM)
          .kind(ErrorKind.CONTRADICTION)
          .isSet(job.batch().gradAccum())
          .allowed("a multiple of ", JobKey.PIPELINE_MICRO_BATCHES, " ", microBatches)
          .refusal();
    }
  }

  private static RuntimeException gap(JobKey key, Object value, String modelled) {
    return Gap.value(key, value).and(" in a pipeline").modelled(modelled).refusal();
  }
}
