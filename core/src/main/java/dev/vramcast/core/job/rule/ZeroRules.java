package dev.vramcast.core.job.rule;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.ZeroSizes;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What DeepSpeed does to the dtypes of every job that its ZeRO runs. */
public final class ZeroRules {

  /** What only DeepSpeed's stages read. */
  public static final List<JobKey> SIZES =
      List.of(
          JobKey.ZERO_INIT,
          JobKey.ZERO_SIZES,
          JobKey.REDUCE_BUCKET,
          JobKey.OVERLAP_COMM,
          JobKey.PREFETCH_BUCKET,
          JobKey.PERSISTENCE_THRESHOLD,
          JobKey.MAX_LIVE_PARAMETERS);

  /** What the third stage alone reads. */
  private static final List<JobKey> OF_THIRD =
      List.of(
          JobKey.ZERO_INIT,
          JobKey.PREFETCH_BUCKET,
          JobKey.PERSISTENCE_THRESHOLD,
          JobKey.MAX_LIVE_PARAMETERS);

  private ZeroRules() {}

  /**
   * Whether all parameters, adapters among them, are made 16-bit, and autocast is off:
   * deepspeed/runtime/engine.py _configure_distributed_model; accelerate/accelerator.py leaves
   * mixed precision to DeepSpeed.
   */
  public static boolean casts(PartialJob d) {
    return d.strategy().isZero() && d.precision() != Precision.FP32;
  }

  /** The dtype that a parameter has in the end. */
  public static DataType cast(PartialJob d, DataType own) {
    return casts(d) ? CommonRules.dtype(d.precision()) : own;
  }

  public static Precision precision(PartialJob d) {
    return casts(d) ? Precision.pure(CommonRules.dtype(d.precision())) : d.precision();
  }

  /** Whether the code of a DeepSpeed is followed, and not what a framework has in its place. */
  public static boolean runsDeepspeed(PartialJob d, ResolvedJob job) {
    return d.strategy().isZero() && !job.frameworkCode().get(SpreadCode.ZERO).sliced();
  }

  public static ZeroSizes sizes(PartialJob d) {
    return new ZeroSizes(
        source(d),
        size(d, JobKey.REDUCE_BUCKET),
        d.find(JobKey.OVERLAP_COMM, Boolean.class),
        size(d, JobKey.PREFETCH_BUCKET),
        size(d, JobKey.PERSISTENCE_THRESHOLD),
        size(d, JobKey.MAX_LIVE_PARAMETERS));
  }

  /**
   * Whether modules are divided as they are made ({@code zero.Init}), which Transformers does to no
   * quantised model (src/transformers/modeling_utils.py get_init_context).
   */
  public static boolean isMadeDivided(PartialJob d) {
    return d.yes(JobKey.ZERO_INIT) && !d.isQuantized();
  }

  /**
   * A model that is no quantised one and not made under {@code zero.Init} is one of its own on
   * every rank, and so are its weights (src/transformers/modeling_utils.py _load_pretrained_model).
   */
  static void checkLoading(PartialJob d) {
    boolean first = d.isSet(JobKey.FIRST_RANK_LOADS) && d.yes(JobKey.FIRST_RANK_LOADS);
    boolean whole = d.strategy() == Strategy.ZERO3 && !d.isQuantized() && !isMadeDivided(d);
    if (first && whole) {
      throw InputError.about(JobKey.FIRST_RANK_LOADS)
          .kind(ErrorKind.CONTRADICTION)
          .at(d.document().place(JobKey.FIRST_RANK_LOADS, JobKey.ZERO_INIT))
          .isSet(true)
          .but("under zero3 every rank loads a model of its own where ", JobKey.ZERO_INIT)
          .and(" is false")
          .allowed("false, or ", JobKey.ZERO_INIT, " true")
          .refusal();
    }
  }

  private static ZeroSizes.Source source(PartialJob d) {
    Optional<String> word = d.find(JobKey.ZERO_SIZES, String.class);
    if (word.isEmpty()) {
      return ZeroSizes.Source.FRAMEWORK;
    }
    return word.get().equals("auto") ? ZeroSizes.Source.HIDDEN_SIZE : ZeroSizes.Source.DEEPSPEED;
  }

  private static OptionalInt size(PartialJob d, JobKey key) {
    return d.find(key, Integer.class).stream().mapToInt(n -> n).findFirst();
  }

  /**
   * Says which sizes nobody reads, and which version nobody runs.
   *
   * @param sliced the framework's ZeRO has buckets, and nothing else of DeepSpeed's
   */
  public static void warnOfUnused(PartialJob d, boolean sliced) {
    unused(d, sliced).stream()
        .filter(d::isSet)
        .forEach(key -> d.warnIgnored(key, JobKey.STRATEGY, d.strategy()));
    if (sliced && d.strategy().isZero()) {
      String framework = d.document().text(JobKey.FRAMEWORK_NAME).orElse("");
      Stream.of(JobKey.OVERLAP_COMM, JobKey.DEEPSPEED_VERSION)
          .filter(d::isSet)
          .forEach(key -> d.warnIgnored(key, JobKey.FRAMEWORK_NAME, framework));
    }
  }

  private static List<JobKey> unused(PartialJob d, boolean sliced) {
    if (!d.strategy().isZero()) {
      return Stream.concat(SIZES.stream(), Stream.of(JobKey.DEEPSPEED_VERSION)).toList();
    }
    return d.strategy() == Strategy.ZERO3 && !sliced ? List.of() : OF_THIRD;
  }
}
