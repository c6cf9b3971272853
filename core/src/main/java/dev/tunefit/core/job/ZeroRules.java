package dev.tunefit.core.job;

import dev.tunefit.core.input.InputException;
import dev.tunefit.core.units.DataType;
import java.util.List;

/** What DeepSpeed does to every job that its ZeRO runs, and what it refuses. */
final class ZeroRules {

  /** First bitsandbytes whose packed weights can be divided ({@code quant_storage}, its PR 970). */
  private static final Version DIVISIBLE = Version.of(0, 43);

  private ZeroRules() {}

  /**
   * Whether all parameters, adapters among them, are made 16-bit, and autocast is off:
   * deepspeed/runtime/engine.py _configure_distributed_model; accelerate/accelerator.py leaves
   * mixed precision to DeepSpeed.
   */
  static boolean casts(Draft d) {
    return d.strategy().isZero() && d.precision() != Precision.FP32;
  }

  /** The dtype that a parameter has in the end. */
  static DataType cast(Draft d, DataType own) {
    return casts(d) ? CommonRules.dtype(d.precision()) : own;
  }

  static Precision precision(Draft d) {
    return casts(d) ? TransformersRules.pure(CommonRules.dtype(d.precision())) : d.precision();
  }

  static void check(Draft d) {
    if (!d.strategy().isZero()) {
      return;
    }
    checkOffload(d);
    checkOptimizer(d);
    checkPipeline(d);
    checkBase(d);
  }

  /** deepspeed/runtime/zero/config.py offload_param: valid only with stage 3. */
  private static void checkOffload(Draft d) {
    List<OffloadTarget> offload = d.list(JobKey.OFFLOAD, OffloadTarget.class);
    if (offload.contains(OffloadTarget.PARAMETERS) && d.strategy() != Strategy.ZERO3) {
      throw new InputException(
          d.document().origin(JobKey.OFFLOAD, JobKey.STRATEGY)
              + "parallelism.offload has parameters, but strategy "
              + d.strategy().label()
              + " keeps them whole on every GPU, allowed: optimizer, activations,"
              + " or strategy zero3");
    }
    OptimizerName name = d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class);
    boolean hasCpuKernel = name == OptimizerName.ADAMW || name == OptimizerName.LION;
    if (offload.contains(OffloadTarget.OPTIMIZER) && !hasCpuKernel) {
      throw new InputException(
          d.document().origin(JobKey.OPTIMIZER_NAME, JobKey.OFFLOAD)
              + "optimizer.name is "
              + name.label()
              + ", but DeepSpeed steps on offloaded states with its CPU optimizers alone,"
              + " allowed: adamw, lion, or parallelism.offload without optimizer");
    }
  }

  /** Partitions are flat, and the step comes after all gradients are reduced. */
  private static void checkOptimizer(Draft d) {
    OptimizerName name = d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class);
    if (name == OptimizerName.GALORE) {
      throw new InputException(
          d.document().origin(JobKey.OPTIMIZER_NAME, JobKey.METHOD, JobKey.STRATEGY)
              + "optimizer.name is galore, which projects matrices, but strategy "
              + d.strategy().label()
              + " hands flat partitions to the optimizer, allowed: another optimizer,"
              + " or strategy none, ddp");
    }
    if (d.yes(JobKey.OPTIMIZER_IN_BACKWARD)) {
      throw new InputException(
          d.document().origin(JobKey.OPTIMIZER_IN_BACKWARD, JobKey.STRATEGY)
              + "optimizer.in_backward is true, but strategy "
              + d.strategy().label()
              + " steps after the backward pass, allowed: false, or strategy none, fsdp2");
    }
  }

  /** deepspeed/runtime/pipe/engine.py: ZeRO-2 and ZeRO-3 are incompatible with pipelines. */
  private static void checkPipeline(Draft d) {
    if (d.whole(JobKey.PIPELINE) > 1 && d.strategy() != Strategy.ZERO1) {
      throw new InputException(
          d.document().origin(JobKey.PIPELINE, JobKey.STRATEGY)
              + "parallelism.pipeline is "
              + d.whole(JobKey.PIPELINE)
              + ", but strategy "
              + d.strategy().label()
              + " divides gradients, which pipeline stages accumulate, allowed: 1,"
              + " or strategy zero1");
    }
  }

  /** docs/source/accelerate/deepspeed.md of PEFT: the versions that QLoRA under ZeRO-3 needs. */
  private static void checkBase(Draft d) {
    boolean fourBit = d.scheme() == QuantizationScheme.NF4 || d.scheme() == QuantizationScheme.FP4;
    Version version = d.version(JobKey.BITSANDBYTES_VERSION);
    if (d.strategy() == Strategy.ZERO3 && fourBit && version.compareTo(DIVISIBLE) < 0) {
      throw new InputException(
          d.document().origin(JobKey.BITSANDBYTES_VERSION, JobKey.STRATEGY)
              + "framework.bitsandbytes is "
              + version
              + ", whose 4-bit weights zero3 cannot divide, allowed: 0.43 or newer,"
              + " or strategy zero2");
    }
  }
}
