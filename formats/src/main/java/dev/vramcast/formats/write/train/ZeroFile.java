package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ZeroSizes;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.WrittenFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** DeepSpeed's JSON as Transformers' Trainer takes it: {@code auto} is what the Trainer says. */
public final class ZeroFile {

  static final String AUTO = "auto";

  private ZeroFile() {}

  /** The file for a job under ZeRO. */
  public static WrittenFile of(JobCoverage coverage, String name) {
    OutputKeys output = new OutputKeys();
    output
        .put("train_micro_batch_size_per_gpu", AUTO)
        .put("gradient_accumulation_steps", AUTO)
        .put("gradient_clipping", AUTO)
        .put("bf16.enabled", AUTO)
        .put("fp16.enabled", AUTO);
    zero(coverage, output);
    return output.json(name);
  }

  static void zero(JobCoverage coverage, OutputKeys output) {
    Parallelism parallelism = coverage.job().parallelism();
    int stage = stage(parallelism.strategy());
    output.put("zero_optimization.stage", stage);
    sizes(coverage, output, stage);
    output.put("zero_optimization.contiguous_gradients", true);
    coverage.says(JobKey.STRATEGY, JobKey.SHARD);
    if (stage == 3) {
      output.put("zero_optimization.stage3_gather_16bit_weights_on_model_save", true);
      // transformers/training_args.py reads the file before any model is made.
      coverage.settles(JobKey.ZERO_INIT, true);
    }
    offload(coverage, output, stage);
  }

  /** What the job states, else what holds for it: no size, which is DeepSpeed's, or auto. */
  private static void sizes(JobCoverage coverage, OutputKeys output, int stage) {
    ZeroSizes stated = coverage.job().parallelism().zeroSizes();
    ZeroConfiguration file = coverage.job().frameworkCode().get(SpreadCode.ZERO);
    boolean third = stage == 3;
    boolean published = stated.source() == ZeroSizes.Source.FRAMEWORK;
    boolean auto =
        published ? third && file.ofHiddenSize() : stated.source() == ZeroSizes.Source.HIDDEN_SIZE;
    coverage.settles(JobKey.ZERO_SIZES, auto ? AUTO : "default");
    if (published && !third && stated.reduceBucket().isEmpty()) {
      output.put("zero_optimization.reduce_bucket_size", file.reduceBucket());
      coverage.settles(JobKey.REDUCE_BUCKET, Math.toIntExact(file.reduceBucket()));
    } else {
      put(output, "reduce_bucket_size", stated.reduceBucket(), auto);
      coverage.says(JobKey.REDUCE_BUCKET);
    }
    if (third) {
      put(output, "stage3_prefetch_bucket_size", stated.prefetchBucket(), auto);
      put(output, "stage3_param_persistence_threshold", stated.persistenceThreshold(), auto);
      put(output, "stage3_max_live_parameters", stated.maxLive(), false);
      coverage.says(
          JobKey.PREFETCH_BUCKET, JobKey.PERSISTENCE_THRESHOLD, JobKey.MAX_LIVE_PARAMETERS);
    }
    boolean usual = published ? (third ? file.overlapsThird() : file.overlaps()) : third;
    boolean overlaps = stated.overlaps().orElse(usual);
    output.put("zero_optimization.overlap_comm", overlaps);
    coverage.settles(JobKey.OVERLAP_COMM, overlaps);
  }

  private static void put(OutputKeys output, String name, OptionalInt stated, boolean auto) {
    if (stated.isPresent()) {
      output.put("zero_optimization." + name, stated.getAsInt());
    } else if (auto) {
      output.put("zero_optimization." + name, AUTO);
    }
  }

  private static void offload(JobCoverage coverage, OutputKeys output, int stage) {
    Set<OffloadTarget> offload = coverage.job().parallelism().offload();
    boolean optimizer = offload.contains(OffloadTarget.OPTIMIZER);
    boolean parameters = stage == 3 && offload.contains(OffloadTarget.PARAMETERS);
    if (optimizer) {
      checkOptimizer(coverage);
      output.put("zero_optimization.offload_optimizer.device", "cpu");
    }
    if (parameters) {
      output.put("zero_optimization.offload_param.device", "cpu");
    }
    coverage.settles(JobKey.OFFLOAD, kept(optimizer, parameters));
  }

  /** accelerate would step with another optimizer, and DeepSpeed refuses this one. */
  static void checkOptimizer(JobCoverage coverage) {
    OptimizerName name = coverage.job().optimizer().name();
    if (name != OptimizerName.ADAMW && name != OptimizerName.LION) {
      throw coverage.refusal(JobKey.OPTIMIZER_NAME, "adamw, lion");
    }
  }

  /** What of a job DeepSpeed keeps in the host's memory. */
  static List<OffloadTarget> kept(boolean optimizer, boolean parameters) {
    List<OffloadTarget> kept = new ArrayList<>();
    if (parameters) {
      kept.add(OffloadTarget.PARAMETERS);
    }
    if (optimizer) {
      kept.add(OffloadTarget.OPTIMIZER);
    }
    return kept;
  }

  /** The stage behind a strategy; 0 for one that is not ZeRO. */
  static int stage(Strategy strategy) {
    return switch (strategy) {
      case ZERO1 -> 1;
      case ZERO2 -> 2;
      case ZERO3 -> 3;
      case NONE, DDP, FSDP1, FSDP2, MEGATRON -> 0;
    };
  }
}
