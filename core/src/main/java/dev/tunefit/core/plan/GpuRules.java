package dev.tunefit.core.plan;

import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.hardware.Vendor;
import dev.tunefit.core.job.AttentionKernel;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.time.TimeEstimator;
import dev.tunefit.core.units.DataType;
import java.util.Optional;

/** Which jobs a GPU runs, however much memory it has. */
final class GpuRules {

  private GpuRules() {}

  /** Why the job cannot run on the GPU, or cannot be estimated there; empty when it can. */
  static Optional<String> refusal(ResolvedJob job, Gpu gpu) {
    if (gpu.vendor() != Vendor.NVIDIA && gpu.vendor() != Vendor.AMD) {
      return Optional.of("the software of " + gpu.name() + " is not modelled");
    } else if (!TimeEstimator.knows(gpu)) {
      return Optional.of("the rates of " + gpu.name() + " are not known");
    } else if (job.computeDtype() == DataType.BF16 && !gpu.bf16()) {
      return Optional.of(gpu.name() + " has no bf16, allowed: --precision fp16-mixed");
    }
    boolean missing = job.attention() == AttentionKernel.FLASH && !gpu.flashAttention();
    return missing ? Optional.of(gpu.name() + " has no FlashAttention") : Optional.empty();
  }
}
