package dev.vramcast.core.plan.search;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.units.DataType;
import java.util.Optional;

/** Which jobs a GPU runs, however much memory it has. */
public final class GpuRules {

  private GpuRules() {}

  /**
   * Why no job can be estimated on the GPU, as what is said of it, e.g. {@code has no ...}; empty
   * when some can.
   */
  public static Optional<String> refusal(Gpu gpu) {
    if (gpu.vendor() != Vendor.NVIDIA && gpu.vendor() != Vendor.AMD) {
      return Optional.of("runs software that is not modelled");
    }
    return TimeEstimator.knows(gpu)
        ? Optional.empty()
        : Optional.of("has no known bandwidth and peak");
  }

  /** Why the job cannot run on the GPU, or cannot be estimated there; empty when it can. */
  public static Optional<String> refusal(ResolvedJob job, Gpu gpu) {
    Optional<String> always = refusal(gpu);
    if (always.isPresent()) {
      return always;
    } else if (job.computeDtype() == DataType.BF16 && !gpu.abilities().bf16()) {
      return Optional.of("has no bf16, allowed: --precision fp16-mixed");
    }
    boolean missing = job.attention() == AttentionKernel.FLASH && !gpu.abilities().flashAttention();
    return missing ? Optional.of("has no FlashAttention") : Optional.empty();
  }
}
