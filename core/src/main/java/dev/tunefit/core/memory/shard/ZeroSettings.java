package dev.tunefit.core.memory.shard;

import dev.tunefit.core.job.OffloadTarget;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.job.Strategy;

/**
 * What a DeepSpeed configuration says about ZeRO, in elements of parameters. No job document has
 * these, so each framework gets the values of the configuration it publishes.
 *
 * @param reduceBucket {@code reduce_bucket_size}: gradients that are reduced together
 * @param overlaps {@code overlap_comm}: stages 1 and 2 fill a second bucket meanwhile
 * @param prefetchBucket {@code stage3_prefetch_bucket_size}: parameters gathered ahead at a time
 * @param persistenceThreshold {@code stage3_param_persistence_threshold}: parameters up to this
 *     size stay gathered
 */
record ZeroSettings(
    long reduceBucket, boolean overlaps, long prefetchBucket, long persistenceThreshold) {

  /** {@code sub_group_size}: stage 3 steps on so much at a time (runtime/zero/config.py). */
  static final long SUB_GROUP = 1_000_000_000L;

  /** {@code stage3_max_live_parameters} (runtime/zero/config.py). */
  static final long MAX_LIVE = 1_000_000_000L;

  /** Reduce bucket of transformers tests/deepspeed/ds_config_zero2.json, which overlaps. */
  private static final long TRAINER_BUCKET = 200_000_000L;

  static ZeroSettings of(ResolvedJob job, long hiddenSize) {
    boolean stage3 = job.parallelism().strategy() == Strategy.ZERO3;
    return switch (job.framework().name()) {
      case "deepspeed", "trl", "peft" -> ofDeepSpeed(stage3);
      default -> stage3 ? ofHiddenSize(hiddenSize) : ofTrainer();
    };
  }

  /**
   * DeepSpeed's defaults (runtime/zero/config.py), which hold where accelerate gets no DeepSpeed
   * file, as in trl/accelerate_configs/zero2.yaml and zero3.yaml.
   */
  private static ZeroSettings ofDeepSpeed(boolean stage3) {
    return new ZeroSettings(500_000_000L, stage3, 50_000_000L, 100_000L);
  }

  /** {@code auto} values: transformers/integrations/deepspeed.py, trainer_config_finalize. */
  private static ZeroSettings ofHiddenSize(long hiddenSize) {
    long square = hiddenSize * hiddenSize;
    return new ZeroSettings(square, true, square * 9 / 10, 10 * hiddenSize);
  }

  private static ZeroSettings ofTrainer() {
    return new ZeroSettings(TRAINER_BUCKET, true, 0, 0);
  }

  static boolean offloads(ResolvedJob job, OffloadTarget target) {
    return job.parallelism().offload().contains(target);
  }
}
