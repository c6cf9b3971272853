package dev.tunefit.core.plan;

import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.hardware.Vendor;
import dev.tunefit.core.job.AttentionKernel;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.time.TimeEstimator;
import dev.tunefit.core.units.DataType;

/** Which jobs a GPU runs, however much memory it has. */
final class GpuRules {

  private GpuRules() {}

  /**
   * Whether the job's kernels are there on the GPU, its software is modelled, and its speed is
   * known.
   */
  static boolean runs(ResolvedJob job, Gpu gpu) {
    boolean modelled = gpu.vendor() == Vendor.NVIDIA || gpu.vendor() == Vendor.AMD;
    return modelled
        && TimeEstimator.knows(gpu)
        && (gpu.bf16() || job.computeDtype() != DataType.BF16)
        && (gpu.flashAttention() || job.attention() != AttentionKernel.FLASH);
  }
}
