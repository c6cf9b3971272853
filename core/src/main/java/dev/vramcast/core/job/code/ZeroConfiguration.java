package dev.vramcast.core.job.code;

/**
 * The DeepSpeed configuration that a framework publishes, which holds where the job states none.
 *
 * @param reduceBucket elements that stages 1 and 2 reduce together
 * @param overlaps {@code overlap_comm} in stages 1 and 2
 * @param overlapsThird and in stage 3
 * @param ofHiddenSize sizes of stage 3 are {@code auto}: the Trainer derives them from the hidden
 *     size; else they are DeepSpeed's own
 * @param sliced DeepSpeed is not there: each parameter is cut into the slices of all ranks
 * @param source the file that says so
 */
public record ZeroConfiguration(
    long reduceBucket,
    boolean overlaps,
    boolean overlapsThird,
    boolean ofHiddenSize,
    boolean sliced,
    String source) {

  /** {@code reduce_bucket_size} that DeepSpeed has without a word (runtime/zero/config.py). */
  public static final long REDUCE_BUCKET = 500_000_000L;

  /** {@code stage3_prefetch_bucket_size}, as 0.19 has it and every release since stage 3 came. */
  public static final long PREFETCH_BUCKET = 50_000_000L;

  /** {@code stage3_param_persistence_threshold}, of the same releases. */
  public static final long PERSISTENCE_THRESHOLD = 100_000L;

  /** Its own defaults: accelerate is given no DeepSpeed file. */
  public static final ZeroConfiguration DEEPSPEED_DEFAULTS =
      new ZeroConfiguration(
          REDUCE_BUCKET, false, true, false, false, "deepspeed/runtime/zero/config.py");

  /** The files that come with Transformers, whose {@code auto} values the Trainer fills in. */
  public static final ZeroConfiguration TRAINER =
      ofFile(200_000_000L, true, true, "transformers: tests/deepspeed/ds_config_zero2.json");

  /** {@code reduce_bucket_size_in_m} of booster/plugin/low_level_zero_plugin.py. */
  public static final ZeroConfiguration SLICED =
      new ZeroConfiguration(
          12L << 20,
          false,
          true,
          false,
          true,
          "colossalai/booster/plugin/low_level_zero_plugin.py");

  /** Files with sizes of stages 1 and 2, and {@code auto} in stage 3. */
  public static ZeroConfiguration ofFile(
      long reduceBucket, boolean overlaps, boolean overlapsThird, String source) {
    return new ZeroConfiguration(reduceBucket, overlaps, overlapsThird, true, false, source);
  }

  /** In DeepSpeed's keys, for people. */
  @Override
  public String toString() {
    return "reduce_bucket_size "
        + (ofHiddenSize ? "of the hidden size" : reduceBucket)
        + (overlaps ? ", overlap_comm" : "")
        + (overlapsThird && !overlaps ? ", overlap_comm in stage 3" : "");
  }
}
