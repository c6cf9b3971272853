package dev.vramcast.core.shard.zero;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.ZeroSizes;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.shard.zero.gather.GatherSizes;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.OptionalInt;

/**
 * What a DeepSpeed configuration says about ZeRO, in elements of parameters: what the job states,
 * and else what the configuration has that its framework publishes.
 *
 * @param reduceBucket {@code reduce_bucket_size}: gradients that are reduced together
 * @param overlaps {@code overlap_comm}: stages 1 and 2 fill a second bucket meanwhile, stage 3
 *     gathers on a stream of its own
 * @param prefetchBucket {@code stage3_prefetch_bucket_size}: parameters gathered ahead at a time
 * @param persistenceThreshold {@code stage3_param_persistence_threshold}: parameters up to this
 *     size stay gathered
 * @param maxLive {@code stage3_max_live_parameters}: parameters that are gathered at a time
 * @param source the file that says so
 */
public record ZeroSettings(
    long reduceBucket,
    boolean overlaps,
    long prefetchBucket,
    long persistenceThreshold,
    long maxLive,
    String source) {

  /** {@code sub_group_size}: stage 3 steps on so much at a time (runtime/zero/config.py). */
  static final long SUB_GROUP = 1_000_000_000L;

  /**
   * {@code update_recompute_parameters} came in July 2026 (DeepSpeed's pull request 8148), and this
   * torch after it.
   */
  private static final Version BEHIND_KEEPING = Version.of(2, 14);

  /** The first that replaces it where a whole model is divided (pull request 8189). */
  private static final Version REPLACING_LATER = new Version(0, 19, 4);

  /** {@code zero_hpz_partition_size} of open-instruct, {@code deepspeed_zpg}. */
  private static final int SECOND_GROUP = 8;

  private static final String DEEPSPEED = "deepspeed/runtime/zero/config.py";

  private static final ZeroSizes WITHOUT_OVERLAP = ZeroSizes.UNSTATED.overlapping(false);

  /** As 0.19 has it, and every release since stage 3 came. */
  private static final long MAX_LIVE = 1_000_000_000L;

  /** {@code stage3_max_reuse_distance}, likewise. */
  private static final long MAX_REUSE = 1_000_000_000L;

  /**
   * The settings of a job.
   *
   * @param hiddenSize of the model, from which {@code auto} values follow
   */
  public static ZeroSettings of(ResolvedJob job, long hiddenSize) {
    ZeroSizes stated = job.parallelism().zeroSizes();
    ZeroSettings settings = published(job, stated.source(), hiddenSize).with(stated);
    boolean first = job.parallelism().strategy() == Strategy.ZERO1;
    return first && !job.frameworkCode().is(SpreadCode.OVERLAPS_FIRST)
        ? settings.with(WITHOUT_OVERLAP)
        : settings;
  }

  private static ZeroSettings published(ResolvedJob job, ZeroSizes.Source source, long hiddenSize) {
    boolean stage3 = job.parallelism().strategy() == Strategy.ZERO3;
    return switch (source) {
      case DEEPSPEED -> ofDeepSpeed(stage3);
      case HIDDEN_SIZE -> ofHiddenSize(hiddenSize, stage3);
      case FRAMEWORK ->
          runsItself(job)
              ? ofDeepSpeed(stage3)
              : ofFile(job.frameworkCode().get(SpreadCode.ZERO), stage3, hiddenSize);
    };
  }

  private static ZeroSettings ofFile(ZeroConfiguration file, boolean stage3, long hiddenSize) {
    if (stage3) {
      return file.ofHiddenSize()
          ? ofHiddenSize(hiddenSize, file.overlapsThird())
          : ofDeepSpeed(file.overlapsThird());
    }
    return new ZeroSettings(
        file.reduceBucket(),
        file.overlaps(),
        ZeroConfiguration.PREFETCH_BUCKET,
        ZeroConfiguration.PERSISTENCE_THRESHOLD,
        MAX_LIVE,
        file.source());
  }

  private static ZeroSettings ofDeepSpeed(boolean overlaps) {
    return new ZeroSettings(
        ZeroConfiguration.REDUCE_BUCKET,
        overlaps,
        ZeroConfiguration.PREFETCH_BUCKET,
        ZeroConfiguration.PERSISTENCE_THRESHOLD,
        MAX_LIVE,
        DEEPSPEED);
  }

  /** {@code auto} values: transformers/integrations/deepspeed.py, trainer_config_finalize. */
  private static ZeroSettings ofHiddenSize(long hiddenSize, boolean overlaps) {
    long square = hiddenSize * hiddenSize;
    return new ZeroSettings(
        square,
        overlaps,
        square * 9 / 10,
        10 * hiddenSize,
        MAX_LIVE,
        "transformers/integrations/deepspeed.py");
  }

  private ZeroSettings with(ZeroSizes stated) {
    return new ZeroSettings(
        either(stated.reduceBucket(), reduceBucket),
        stated.overlaps().orElse(overlaps),
        either(stated.prefetchBucket(), prefetchBucket),
        either(stated.persistenceThreshold(), persistenceThreshold),
        either(stated.maxLive(), maxLive),
        stated.reduceBucket().isPresent() ? "the job" : source);
  }

  private static long either(OptionalInt stated, long other) {
    return stated.isPresent() ? stated.getAsInt() : other;
  }

  /**
   * Whether frozen weights of layers that run again stay until the whole backward pass is through,
   * as they do of adapters under reentrant checkpoints that hooks on layers are within: what runs
   * again is then before the layer's own backward pass, and of a module around all.
   */
  public static boolean keepsFrozenOfAll(ResolvedJob job) {
    return keepsFrozen(job)
        && job.adapter().isPresent()
        && job.reentrantCheckpoints()
        && !hooksAround(job);
  }

  /**
   * Whether {@code LinearFunctionForZeroStage3} (deepspeed/runtime/zero/linear.py) stands in for
   * {@code F.linear}: {@code zero.Init} puts it there, before 0.19.4 only where a model is made
   * under it (deepspeed/runtime/zero/partition_parameters.py, {@code mem_efficient_linear}).
   */
  public static boolean replacesLinear(ResolvedJob job) {
    return job.parallelism().strategy() == Strategy.ZERO3
        && (job.parallelism().madeDivided()
            || job.framework().deepspeed().compareTo(REPLACING_LATER) >= 0);
  }

  private static boolean hooksAround(ResolvedJob job) {
    return job.frameworkCode().is(SpreadCode.HOOKS_AROUND_CHECKPOINTS);
  }

  private static boolean keepsFrozen(ResolvedJob job) {
    return job.framework().torch().compareTo(BEHIND_KEEPING) >= 0;
  }

  /** What stage 3 gathers by. PEFT has a wrapper of its own around another around the model. */
  GatherSizes gathering(ResolvedJob job, GatherSizes.Front front) {
    int wrappers = job.adapter().isPresent() ? 3 : 1;
    return new GatherSizes(
        new GatherSizes.Limits(prefetchBucket, persistenceThreshold, maxLive, MAX_REUSE),
        job.parallelism().shards(),
        wrappers,
        front,
        new GatherSizes.Again(keepsFrozen(job), !job.reentrantCheckpoints(), hooksAround(job)),
        overlaps,
        job.frameworkCode().get(SpreadCode.LEAF_BLOCKS));
  }

  /** Elements of parameters between which what is gathered differs from step to step. */
  long reach() {
    return maxLive + MAX_REUSE;
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
