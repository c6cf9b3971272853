package dev.vramcast.core.job;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a job says about DeepSpeed's {@code zero_optimization}, in elements of parameters. What is
 * empty is as {@code source} has it.
 *
 * @param source of what is not stated
 * @param reduceBucket {@code reduce_bucket_size}
 * @param overlaps {@code overlap_comm}
 * @param prefetchBucket {@code stage3_prefetch_bucket_size}
 * @param persistenceThreshold {@code stage3_param_persistence_threshold}
 * @param maxLive {@code stage3_max_live_parameters}
 */
public record ZeroSizes(
    Source source,
    OptionalInt reduceBucket,
    Optional<Boolean> overlaps,
    OptionalInt prefetchBucket,
    OptionalInt persistenceThreshold,
    OptionalInt maxLive) {

  /** A job that says nothing. */
  public static final ZeroSizes UNSTATED =
      new ZeroSizes(
          Source.FRAMEWORK,
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty());

  /** The same with or without {@code overlap_comm}. */
  public ZeroSizes overlapping(boolean overlap) {
    return new ZeroSizes(
        source, reduceBucket, Optional.of(overlap), prefetchBucket, persistenceThreshold, maxLive);
  }

  /** Whose sizes hold where the job states none. */
  public enum Source {
    /** Those of the file that the framework publishes. */
    FRAMEWORK,
    /** DeepSpeed's own: a file leaves them out, or there is none. */
    DEEPSPEED,
    /** {@code auto}: the Trainer derives them from the hidden size. */
    HIDDEN_SIZE
  }
}
