package dev.vramcast.core.plan.search;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.run.check.CardChecks;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.units.DataType;
import java.util.Optional;

/** Which jobs a GPU runs, however much memory it has. */
public final class GpuRules {

  private GpuRules() {}

  /** Why no job can be estimated on the GPU, as what is said of it; empty when some can. */
  public static Optional<Notice> refusal(Gpu gpu) {
    if (!gpu.vendor().runsCuda()) {
      return says("runs software that is not modelled");
    }
    return TimeEstimator.knows(gpu) ? Optional.empty() : says("has no known bandwidth and peak");
  }

  /** Why the job cannot run on the GPU, or cannot be estimated there; empty when it can. */
  public static Optional<Notice> refusal(ResolvedJob job, Gpu gpu) {
    Optional<Notice> always = refusal(gpu);
    if (always.isPresent()) {
      return always;
    } else if (lacksBf16(job, gpu)) {
      return says("has no bf16, allowed: ", JobKey.PRECISION, " ", Precision.FP16_MIXED);
    }
    if (CardChecks.hasOtherEngine(job, gpu)) {
      return says("runs a TransformerEngine of ", gpu.vendor().label(), ", which is not modelled");
    }
    if (CardChecks.lacksNarrow(job, gpu)) {
      return says("has no ", job.linears().scheme());
    }
    return CardChecks.lacksFlash(job, gpu) ? says("has no FlashAttention") : Optional.empty();
  }

  private static boolean lacksBf16(ResolvedJob job, Gpu gpu) {
    return job.computeDtype() == DataType.BF16 && !gpu.abilities().bf16();
  }

  /** That memory is another software's. */
  public static Optional<Notice> otherSoftware(Gpu gpu) {
    return gpu.vendor().runsCuda()
        ? Optional.empty()
        : says(
            "runs software that is not modelled, so that memory is counted as under CUDA, and"
                + " nobody has measured how far off that is");
  }

  /** What makes the job far slower on the GPU than it need be; empty when nothing does. */
  public static Optional<Notice> slowness(ResolvedJob job, Gpu gpu) {
    return lacksBf16(job, gpu)
        ? says(
            "computes bf16 at the rate of fp32, without its matrix units; ",
            JobKey.PRECISION,
            " ",
            Precision.FP16_MIXED,
            " takes them")
        : Optional.empty();
  }

  private static Optional<Notice> says(Object... what) {
    return Optional.of(Notice.of(what));
  }
}
