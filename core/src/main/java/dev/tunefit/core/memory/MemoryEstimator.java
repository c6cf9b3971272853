package dev.tunefit.core.memory;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.AllocatorSettings;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.job.Strategy;
import dev.tunefit.core.memory.megatron.MegatronRanks;
import dev.tunefit.core.memory.megatron.Workspaces;
import dev.tunefit.core.memory.slice.ModelSlice;
import dev.tunefit.core.memory.step.StepWriter;
import dev.tunefit.core.memory.tape.StepTapes;
import java.util.List;
import java.util.Optional;

/** Estimates the memory of a training step by writing its tapes and reading the peaks off them. */
public final class MemoryEstimator {

  private MemoryEstimator() {}

  /**
   * The estimate for a job on an architecture.
   *
   * @param gpu decides the sizes of library workspaces; empty leaves them out
   * @throws dev.tunefit.core.input.InputException when the job cannot run on this architecture
   * @throws UnsupportedJobException when it can, but is not modelled
   */
  public static MemoryEstimate estimate(
      Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    JobChecks.check(architecture, job);
    try {
      return read(architecture, job, gpu);
    } catch (ArithmeticException overflow) {
      throw new InputException(
          "the " + architecture.modelType() + " model and its batch are too large for any memory",
          overflow);
    }
  }

  private static MemoryEstimate read(
      Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    if (job.parallelism().strategy() == Strategy.MEGATRON) {
      return onMegatron(architecture, job, gpu);
    }
    Architecture slice = ModelSlice.of(architecture, job.parallelism());
    StepTapes tapes =
        StepWriter.write(slice, job, DeviceMemory.workspaceBytes(gpu), prefersCudnn(gpu));
    RankEstimate rank =
        RankEstimate.of(
            "every rank",
            job.parallelism().gpus(),
            tapes,
            DeviceMemory.outside(job, gpu),
            DeviceMemory.allocator(job, gpu));
    return new MemoryEstimate(List.of(rank), Assumptions.of(architecture, job, gpu));
  }

  private static MemoryEstimate onMegatron(
      Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    RankEstimate.Outside outside = DeviceMemory.outside(job, gpu);
    AllocatorSettings allocator = DeviceMemory.allocator(job, gpu);
    Workspaces workspaces = Workspaces.of(gpu, DeviceMemory.workspaceBytes(gpu));
    List<RankEstimate> ranks =
        MegatronRanks.of(architecture, job, MegatronScope.targets(job), workspaces).stream()
            .map(r -> RankEstimate.of(r.name(), r.count(), r.tapes(), outside, allocator))
            .toList();
    return new MemoryEstimate(ranks, Assumptions.of(architecture, job, gpu));
  }

  /**
   * What a rank of a job holds outside PyTorch's allocator, which takes no estimate to know.
   *
   * @param gpu as for {@link #estimate}
   */
  public static RankEstimate.Outside outside(ResolvedJob job, Optional<Gpu> gpu) {
    return DeviceMemory.outside(job, gpu);
  }

  /** Blackwell data-center GPUs, for which frameworks ask for cuDNN's attention. */
  private static boolean prefersCudnn(Optional<Gpu> gpu) {
    return gpu.filter(g -> g.computeCapability().startsWith("10.")).isPresent();
  }
}
