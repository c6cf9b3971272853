package dev.vramcast.core.shard.zero;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;

/**
 * What a DeepSpeed configuration says about ZeRO, in elements of parameters. No job document has
 * these, so each framework gets the values of the configuration it publishes.
 *
 * @param reduceBucket {@code reduce_bucket_size}: gradients that are reduced together
 * @param overlaps {@code overlap_comm}: stages 1 and 2 fill a second bucket meanwhile
 * @param prefetchBucket {@code stage3_prefetch_bucket_size}: parameters gathered ahead at a time
 * @param persistenceThreshold {@code stage3_param_persistence_threshold}: parameters up to this
 *     size stay gathered
 * @param source the file that says so
 */
public record ZeroSettings(
    long reduceBucket,
    boolean overlaps,
    long prefetchBucket,
    long persistenceThreshold,
    String source) {

  /** {@code sub_group_size}: stage 3 steps on so much at a time (runtime/zero/config.py). */
  static final long SUB_GROUP = 1_000_000_000L;

  /** {@code zero_hpz_partition_size} of open-instruct, {@code deepspeed_zpg}. */
  private static final int SECOND_GROUP = 8;

  /** {@code stage3_max_live_parameters} (runtime/zero/config.py). */
  public static final long MAX_LIVE = 1_000_000_000L;

  /**
   * The settings of a job.
   *
   * @param hiddenSize of the model, from which {@code auto} values follow
   */
  public static ZeroSettings of(ResolvedJob job, long hiddenSize) {
    boolean stage3 = job.parallelism().strategy() == Strategy.ZERO3;
    if (runsItself(job)) {
      return ofDeepSpeed(stage3);
    }
    return switch (job.frameworkCode().spread().zero()) {
      case DEEPSPEED_DEFAULTS, SLICED -> ofDeepSpeed(stage3);
      case TRAINER -> stage3 ? ofHiddenSize(hiddenSize) : ofTrainer();
      case TRAINER_OVERLAPPED -> stage3 ? ofHiddenSize(hiddenSize) : ofDeepSpeed(true);
    };
  }

  /**
   * DeepSpeed's defaults (runtime/zero/config.py), which hold where accelerate gets no DeepSpeed
   * file, as in trl/accelerate_configs/zero2.yaml and zero3.yaml.
   */
  private static ZeroSettings ofDeepSpeed(boolean overlaps) {
    return new ZeroSettings(
        500_000_000L, overlaps, 50_000_000L, 100_000L, "deepspeed/runtime/zero/config.py");
  }

  /** {@code auto} values: transformers/integrations/deepspeed.py, trainer_config_finalize. */
  private static ZeroSettings ofHiddenSize(long hiddenSize) {
    long square = hiddenSize * hiddenSize;
    return new ZeroSettings(
        square, true, square * 9 / 10, 10 * hiddenSize, "transformers/integrations/deepspeed.py");
  }

  /** What Transformers' example of a configuration for stage 2 has. */
  private static ZeroSettings ofTrainer() {
    return new ZeroSettings(
        200_000_000L, true, 0, 0, "transformers: tests/deepspeed/ds_config_zero2.json");
  }

  private static boolean runsItself(ResolvedJob job) {
    return job.frameworkCode().stages().does(StageHabit.RUNS_DEEPSPEED)
        && job.objective().stage().generates();
  }

  /**
   * GPUs over which stage 3 divides all parameters a second time, so that no other machine is asked
   * for them again (partition_parameters.py _partition_param_sec); 0 where it does not.
   */
  static int secondGroup(ResolvedJob job) {
    return runsItself(job) ? Math.min(SECOND_GROUP, job.parallelism().gpus()) : 0;
  }

  /** {@code grad_accum_dtype}: of what gradients are added up in (runtime/engine.py). */
  static DataType sums(ResolvedJob job) {
    return runsItself(job) ? DataType.FP32 : job.computeDtype();
  }

  static boolean offloads(ResolvedJob job, OffloadTarget target) {
    return job.parallelism().offload().contains(target);
  }
}
