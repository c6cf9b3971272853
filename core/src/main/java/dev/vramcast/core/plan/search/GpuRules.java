package dev.vramcast.core.plan.search;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.units.DataType;
import java.util.Optional;

/** Which jobs a GPU runs, however much memory it has. */
public final class GpuRules {

  private GpuRules() {}

  /** Why no job can be estimated on the GPU, as what is said of it; empty when some can. */
  public static Optional<Notice> refusal(Gpu gpu) {
    if (gpu.vendor() != Vendor.NVIDIA && gpu.vendor() != Vendor.AMD) {
      return says("runs software that is not modelled");
    }
    return TimeEstimator.knows(gpu) ? Optional.empty() : says("has no known bandwidth and peak");
  }

  /** Why the job cannot run on the GPU, or cannot be estimated there; empty when it can. */
  public static Optional<Notice> refusal(ResolvedJob job, Gpu gpu) {
    Optional<Notice> always = refusal(gpu);
    if (always.isPresent()) {
      return always;
    } else if (job.computeDtype() == DataType.BF16 && !gpu.abilities().bf16()) {
      return says("has no bf16, allowed: ", JobKey.PRECISION, " ", Precision.FP16_MIXED);
    }
    boolean missing = job.attention() == AttentionKernel.FLASH && !gpu.abilities().flashAttention();
    return missing ? says("has no FlashAttention") : Optional.empty();
  }

  private static Optional<Notice> says(Object... what) {
    return Optional.of(Notice.of(what));
  }
}
