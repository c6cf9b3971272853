package dev.vramcast.core.time.rate;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import java.util.Set;

/** What an optimizer step moves in a GPU's memory. */
public final class OptimizerTraffic {

  /** Tensors that a fused AdamW reads and writes. */
  private static final double ADAMW = 7;

  private OptimizerTraffic() {}

  /**
   * Bytes of one optimizer step on one GPU.
   *
   * @param parameters that are trained, of the whole model
   */
  public static double bytes(
      ResolvedJob job, Layout layout, double parameters, SpeedCoefficients all) {
    if (job.parallelism().offload().contains(OffloadTarget.OPTIMIZER) && !swapsStates(job)) {
      return 0;
    }
    return bytesPerParameter(job, all) * parameters / owners(job, layout);
  }

  /**
   * Seconds of an optimizer step on the CPU, which nothing hides: the processors of a machine
   * update its share of the states by the bandwidth of their memory. Trainers in C++ bring their
   * states to the GPU instead. DeepSpeed has a kernel for it (ops/adam/cpu_adam.py), and so has a
   * fused AdamW since PyTorch 2.4 (ATen/native/cpu/FusedAdamKernel.cpp), whose states are as the
   * parameters are; FSDP runs either of PyTorch's.
   *
   * @param parameters that are trained, of the whole model
   */
  public static double hostSeconds(
      ResolvedJob job, Layout layout, double parameters, SpeedCoefficients all) {
    if (!updatesOnHost(job)) {
      return 0;
    }
    boolean fused =
        job.optimizer().implementation() == OptimizerImplementation.FUSED
            && job.framework().torch().atLeast(2, 4);
    boolean kernel =
        fused
            || job.parallelism().strategy().isZero()
            || job.optimizer().implementation() == OptimizerImplementation.DEEPSPEED;
    double bandwidth =
        all.of(kernel ? SpeedCoefficient.HOST_ADAM : SpeedCoefficient.HOST_TORCH_ADAM);
    double bytes = Coefficients.HOST_BYTES * tensors(job.optimizer()) / ADAMW;
    double share = fused && isNarrow(job) ? Coefficients.WEIGHT_BYTES / Float.BYTES : 1;
    return share * bytes * parameters / layout.machines() / (GIGA * bandwidth);
  }

  /** Whether parameters and states have 16 bits. */
  private static boolean isNarrow(ResolvedJob job) {
    return switch (job.parallelism().strategy()) {
      case NONE, DDP, FSDP1, FSDP2 ->
          job.precision() == Precision.BF16 && job.weightDtype().bytes() < Float.BYTES;
      case ZERO1, ZERO2, ZERO3, MEGATRON -> false;
    };
  }

  private static boolean updatesOnHost(ResolvedJob job) {
    boolean offloaded =
        job.parallelism().offload().contains(OffloadTarget.OPTIMIZER)
            || job.parallelism().offload().contains(OffloadTarget.PARAMETERS);
    boolean stepsThere =
        Stack.of(job).isUserStack() || job.parallelism().strategy() == Strategy.MEGATRON;
    return offloaded && stepsThere && !swapsStates(job);
  }

  /** Offloaded states are brought to the GPU for the update, and leave it again. */
  public static boolean swapsStates(ResolvedJob job) {
    return job.parallelism().offload().equals(Set.of(OffloadTarget.OPTIMIZER))
        && job.frameworkCode().is(SpreadCode.SWAPS_STATES);
  }

  /** GPUs among which the states are divided. */
  private static double owners(ResolvedJob job, Layout layout) {
    return switch (job.parallelism().strategy()) {
      case NONE, DDP -> layout.modelParallel();
      case FSDP1, FSDP2, ZERO1, ZERO2, ZERO3, MEGATRON ->
          (double) layout.modelParallel() * job.parallelism().shard();
    };
  }

  /** Tuned stacks bring fused kernels of their own. */
  private static double bytesPerParameter(ResolvedJob job, SpeedCoefficients all) {
    OptimizerSettings optimizer = job.optimizer();
    double fused = all.of(SpeedCoefficient.OPTIMIZER_BYTES) * tensors(optimizer) / ADAMW;
    if (!Stack.of(job).isUserStack()) {
      return fused;
    }
    return switch (optimizer.implementation()) {
      case FOREACH, FOR_LOOP -> Coefficients.FOREACH * fused;
      case FUSED, DEEPSPEED, APEX, MOMENTUM, BITSANDBYTES, TORCHAO ->
          hasSmallStates(optimizer) ? Coefficients.OPTIMIZER_BYTES_8BIT : fused;
    };
  }

  private static boolean hasSmallStates(OptimizerSettings optimizer) {
    return switch (optimizer.name()) {
      case ADAMW_8BIT, ADAMW_4BIT, PAGED_ADAMW_8BIT, LION_8BIT, FLASH_ADAMW -> true;
      case PAGED_LION_8BIT, ADEMAMIX_8BIT, PAGED_ADEMAMIX_8BIT, RMSPROP_8BIT -> true;
      case ADAMW, PAGED_ADAMW, ADAFACTOR, LION, SGD, MUON, GALORE, NONE -> false;
      case PAGED_LION, ADEMAMIX, PAGED_ADEMAMIX, RMSPROP, ADAGRAD, STABLE_ADAMW -> false;
      case APOLLO, SCHEDULE_FREE_ADAMW, ADAM_MINI, BADAM, LOMO, ADALOMO -> false;
      case SCHEDULE_FREE_RADAM, SCHEDULE_FREE_SGD -> false;
      case ADAMW_CPU -> throw optimizer.name().notModelled();
    };
  }

  /** Parameter, gradient and moments read; parameter and moments written. */
  private static double tensors(OptimizerSettings optimizer) {
    return switch (optimizer.name()) {
      case ADAMW, ADAMW_8BIT, ADAMW_4BIT, PAGED_ADAMW, PAGED_ADAMW_8BIT, GALORE -> ADAMW;
      case APOLLO, SCHEDULE_FREE_ADAMW, SCHEDULE_FREE_RADAM, FLASH_ADAMW -> ADAMW;
      case LION, LION_8BIT, PAGED_LION, PAGED_LION_8BIT, MUON, ADAM_MINI -> 5;
      case RMSPROP, RMSPROP_8BIT, ADAGRAD, SCHEDULE_FREE_SGD -> 5;
      case SGD, ADAFACTOR, LOMO, ADALOMO -> 3;
      // A third state.
      case ADEMAMIX, ADEMAMIX_8BIT, PAGED_ADEMAMIX, PAGED_ADEMAMIX_8BIT, STABLE_ADAMW -> ADAMW + 2;
      // The weights and gradients in 16 bits too.
      case BADAM -> ADAMW + 2;
      case NONE -> 0;
      case ADAMW_CPU -> throw optimizer.name().notModelled();
    };
  }
}
