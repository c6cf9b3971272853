package dev.vramcast.core.time.rate;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LaunchStack;
import dev.vramcast.core.job.option.Strategy;

/**
 * Kinds of software that run a step: how their kernels compare with tuned ones, and how long the
 * CPU takes to launch a layer forward and backward. The numbers behind a value are its least and
 * greatest when one source of runs is left out.
 */
public enum Stack {
  /** Megatron, NeMo, llm-foundry and trainers in C++. Kernels 1 by definition; 0.10 to 0.13 ms. */
  TUNED(1, 0.12e-3),
  /** {@code torch.compile}. Kernels 0.94 to 1.06; the launch time is a guess. */
  COMPILED(0.99, 0.30e-3),
  /** PyTorch modules one by one. Kernels 1.19 to 1.32; 2.5 to 3.4 ms. */
  EAGER(1.22, 3.3e-3),
  /** The same with fused kernels: Unsloth, Liger. Kernels 0.90 to 0.96; 2.5 to 3.4 ms. */
  FUSED(0.925, 3.3e-3);

  /** Seconds a layer with DeepSpeed's hooks of ZeRO-3; 3.0 to 8.2 ms. */
  private static final double ZERO3_LAUNCH = 8.1e-3;

  private final double kernels;
  private final double launchSeconds;

  Stack(double kernels, double launchSeconds) {
    this.kernels = kernels;
    this.launchSeconds = launchSeconds;
  }

  public static Stack of(ResolvedJob job) {
    LaunchStack stack = job.frameworkCode().kernels().stack();
    if (stack == LaunchStack.TUNED || job.parallelism().strategy() == Strategy.MEGATRON) {
      return TUNED;
    }
    if (job.compile()) {
      return COMPILED;
    }
    boolean fused = stack == LaunchStack.FUSED || !job.ligerKernels().isEmpty();
    return fused ? FUSED : EAGER;
  }

  /** Time of matrix products and attention relative to a tuned stack. */
  public double kernels() {
    return kernels;
  }

  /** CPU seconds to launch one layer without adapters, forward and backward. */
  public double launchSeconds(Strategy strategy) {
    return this != TUNED && strategy == Strategy.ZERO3 ? ZERO3_LAUNCH : launchSeconds;
  }

  /** Whether people run it as it comes, and not with settings tuned for one machine. */
  public boolean isUserStack() {
    return this != TUNED;
  }
}
