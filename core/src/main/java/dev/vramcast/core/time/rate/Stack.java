package dev.vramcast.core.time.rate;

import static dev.vramcast.core.units.Multiples.MILLI;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.option.Strategy;

/**
 * Kinds of software that run a step: how their kernels compare with tuned ones, and how long the
 * CPU takes to launch a layer forward and backward.
 */
public enum Stack {
  /** Megatron, NeMo, llm-foundry and trainers in C++. */
  TUNED,
  /** {@code torch.compile}. */
  COMPILED,
  /** Modules of models that a framework wrote for training, one by one. */
  NATIVE,
  /** Transformers' modules one by one. */
  EAGER,
  /** The same with fused kernels: Unsloth, Liger. */
  FUSED;

  public static Stack of(ResolvedJob job) {
    KernelCode.LaunchStack stack = job.frameworkCode().get(KernelCode.STACK);
    if (stack == KernelCode.LaunchStack.TUNED || runsMegatron(job)) {
      return TUNED;
    }
    if (job.compile()) {
      return COMPILED;
    }
    boolean fused = stack == KernelCode.LaunchStack.FUSED || !job.ligerKernels().isEmpty();
    if (fused) {
      return FUSED;
    }
    return job.frameworkCode().hasOwnModels() ? NATIVE : EAGER;
  }

  /** Passes over the two large activations of a layer, forward and backward. */
  double passes(SpeedCoefficients all) {
    return all.of(
        switch (this) {
          case TUNED -> SpeedCoefficient.TUNED_PASSES;
          case COMPILED -> SpeedCoefficient.COMPILED_PASSES;
          case NATIVE -> SpeedCoefficient.NATIVE_PASSES;
          case EAGER -> SpeedCoefficient.EAGER_PASSES;
          case FUSED -> SpeedCoefficient.FUSED_PASSES;
        });
  }

  /** Whether Megatron's core runs the step, under whichever framework. */
  static boolean runsMegatron(ResolvedJob job) {
    return job.parallelism().strategy() == Strategy.MEGATRON
        && job.frameworkCode().is(KernelCode.MEGATRON_CORE);
  }

  /** CPU seconds to launch one layer without adapters, forward and backward. */
  public double launchSeconds(Strategy strategy, SpeedCoefficients all) {
    return MILLI * all.of(launch(strategy));
  }

  private SpeedCoefficient launch(Strategy strategy) {
    if (this != TUNED && strategy == Strategy.ZERO3) {
      return SpeedCoefficient.ZERO3_LAUNCH;
    }
    return switch (this) {
      case TUNED -> SpeedCoefficient.TUNED_LAUNCH;
      case COMPILED -> SpeedCoefficient.COMPILED_LAUNCH;
      case NATIVE -> SpeedCoefficient.NATIVE_LAUNCH;
      case EAGER, FUSED -> SpeedCoefficient.EAGER_LAUNCH;
    };
  }

  /** Whether people run it as it comes, and not with settings tuned for one machine. */
  public boolean isUserStack() {
    return this != TUNED;
  }
}
