package dev.vramcast.core.plan.search;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Precision;
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
    if (lacksFloat8(job, gpu)) {
      return says("has no fp8");
    }
    return lacksFlash(job, gpu) ? says("has no FlashAttention") : Optional.empty();
  }

  /** {@code torch._scaled_mm} has kernels from compute capability 8.9 on. */
  private static boolean lacksFloat8(ResolvedJob job, Gpu gpu) {
    return job.float8() && !gpu.abilities().fp8();
  }

  private static boolean lacksBf16(ResolvedJob job, Gpu gpu) {
    return job.computeDtype() == DataType.BF16 && !gpu.abilities().bf16();
  }

  private static boolean lacksFlash(ResolvedJob job, Gpu gpu) {
    return job.attention() == AttentionKernel.FLASH
        && gpu.vendor() == Vendor.NVIDIA
        && !gpu.abilities().flashAttention();
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

  /**
   * Checks that the job gets as far as its second step.
   *
   * @throws dev.vramcast.core.input.InputException when the first one fails on the GPU
   */
  public static void check(ResolvedJob job, Gpu gpu) {
    if (lacksFloat8(job, gpu)) {
      throw InputError.about(JobKey.TRAINING_SCHEME)
          .isSet("fp8")
          .and(", but ", gpu.name(), " has no fp8, so that training fails")
          .allowed("none")
          .refusal();
    }
    checkBitsandbytes(job, gpu);
    if (lacksFlash(job, gpu)) {
      throw InputError.about(JobKey.ATTENTION)
          .isSet(job.attention())
          .and(", but ", gpu.name(), " has no FlashAttention, so that training fails")
          .allowed(AttentionKernel.SDPA, ", ", AttentionKernel.EAGER)
          .refusal();
    }
  }

  private static void checkBitsandbytes(ResolvedJob job, Gpu gpu) {
    if (job.quantization().byBitsandbytes() && !gpu.abilities().bnbQuantization()) {
      throw lacksKernels(JobKey.QUANTIZATION_SCHEME, job.quantization().scheme(), gpu)
          .allowed("none")
          .refusal();
    }
    boolean steps = job.optimizer().implementation() == OptimizerImplementation.BITSANDBYTES;
    if (steps && !gpu.abilities().bnbOptimizers()) {
      throw lacksKernels(JobKey.OPTIMIZER_NAME, job.optimizer().name(), gpu)
          .allowed("adamw and other optimizers of PyTorch")
          .refusal();
    }
  }

  private static InputError lacksKernels(JobKey key, Object value, Gpu gpu) {
    return InputError.about(key)
        .isSet(value)
        .and(" of bitsandbytes, which has no kernels for it on ", gpu.name());
  }

  private static Optional<Notice> says(Object... what) {
    return Optional.of(Notice.of(what));
  }
}
