package dev.vramcast.core.run.check;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.Version;

/** What DeepSpeed refuses. */
final class ZeroChecks {

  /** First bitsandbytes whose packed weights can be divided ({@code quant_storage}). */
  private static final Version DIVISIBLE = Version.of(0, 43);

  private ZeroChecks() {}

  static void check(ResolvedJob job) {
    checkOffload(job);
    checkOptimizer(job);
    checkPipeline(job);
    checkBase(job);
  }

  private static void checkOffload(ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    // deepspeed/runtime/zero/config.py offload_param: valid only with stage 3.
    if (degrees.offload().contains(OffloadTarget.PARAMETERS)
        && degrees.strategy() != Strategy.ZERO3) {
      throw new InputException(
          "parallelism.offload has parameters, but strategy "
              + degrees.strategy().label()
              + " keeps them whole on every GPU, allowed: optimizer, or strategy zero3");
    }
    // deepspeed/runtime/engine.py _configure_optimizer: a ZeRORuntimeException.
    OptimizerName name = job.optimizer().name();
    boolean hasCpuKernel = name == OptimizerName.ADAMW || name == OptimizerName.LION;
    if (degrees.offload().contains(OffloadTarget.OPTIMIZER) && !hasCpuKernel) {
      throw new InputException(
          "optimizer.name is "
              + name.label()
              + ", but DeepSpeed steps on offloaded states with its CPU optimizers alone,"
              + " allowed: adamw, lion, or parallelism.offload without optimizer");
    }
  }

  /** Partitions are flat, and the step comes after all gradients are reduced. */
  private static void checkOptimizer(ResolvedJob job) {
    String strategy = job.parallelism().strategy().label();
    if (job.optimizer().name() == OptimizerName.GALORE) {
      throw new InputException(
          "optimizer.name is galore, which projects matrices, but strategy "
              + strategy
              + " hands flat partitions to the optimizer, allowed: another optimizer,"
              + " or strategy none, ddp");
    }
    if (job.optimizer().name() == OptimizerName.MUON) {
      throw new UnsupportedJobException("Muon under ZeRO is not modelled yet");
    }
    if (job.optimizer().inBackward()) {
      throw new InputException(
          "optimizer.in_backward is true, but strategy "
              + strategy
              + " steps after the backward pass, allowed: false, or strategy none, fsdp2");
    }
  }

  /** deepspeed/runtime/pipe/engine.py: ZeRO-2 and ZeRO-3 are incompatible with pipelines. */
  private static void checkPipeline(ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    if (degrees.pipeline() > 1 && degrees.strategy() != Strategy.ZERO1) {
      throw new InputException(
          "parallelism.pipeline is "
              + degrees.pipeline()
              + ", but strategy "
              + degrees.strategy().label()
              + " divides gradients, which pipeline stages accumulate, allowed: 1,"
              + " or strategy zero1");
    }
  }

  /** docs/source/accelerate/deepspeed.md of PEFT: what QLoRA under ZeRO-3 needs. */
  private static void checkBase(ResolvedJob job) {
    QuantizationScheme scheme = job.quantization().scheme();
    boolean fourBit = scheme == QuantizationScheme.NF4 || scheme == QuantizationScheme.FP4;
    Version version = job.framework().bitsandbytes();
    boolean divides = job.parallelism().strategy() == Strategy.ZERO3;
    if (divides && fourBit && version.compareTo(DIVISIBLE) < 0) {
      throw new InputException(
          "framework.bitsandbytes is "
              + version
              + ", whose 4-bit weights strategy zero3 cannot divide, allowed: 0.43 or newer,"
              + " or strategy zero2");
    }
  }
}
