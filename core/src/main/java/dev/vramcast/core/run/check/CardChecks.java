package dev.vramcast.core.run.check;

import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.rule.NarrowRules;
import java.util.Optional;

/** What must hold between a job and the card it runs on. */
public final class CardChecks {

  private CardChecks() {}

  /**
   * Checks that the job gets as far as its second step.
   *
   * @throws dev.vramcast.core.input.InputException when the first one fails on the GPU
   * @throws dev.vramcast.core.input.UnsupportedJobException when what runs there is not modelled
   */
  public static void check(ResolvedJob job, Gpu gpu) {
    checkNarrow(job, gpu);
    checkBitsandbytes(job, gpu);
    checkPacked(job, gpu);
    if (lacksFlash(job, gpu)) {
      throw InputError.about(JobKey.ATTENTION)
          .isSet(job.attention())
          .but(gpu.name(), " has no FlashAttention, so that training fails")
          .allowed(AttentionKernel.SDPA, ", ", AttentionKernel.EAGER)
          .refusal();
    }
  }

  private static void checkNarrow(ResolvedJob job, Gpu gpu) {
    NarrowLinears linears = job.linears();
    if (hasOtherEngine(job, gpu)) {
      throw Gap.value(JobKey.TRAINING_IMPLEMENTATION, NarrowRules.TRANSFORMER_ENGINE)
          .and(" on ", gpu.name())
          .needs("what stands for TransformerEngine on cards of ", gpu.vendor().label())
          .refusal();
    }
    if (!lacksNarrow(job, gpu)) {
      return;
    }
    if (linears == NarrowLinears.ENGINE_SQUARES && gpu.abilities().fp8()) {
      throw InputError.about(JobKey.TRAINING_RECIPE)
          .isSet(NarrowRules.BLOCKWISE)
          .but(gpu.name(), " has no products of such blocks, so that training fails")
          .allowed(NarrowRules.DELAYED, ", ", NarrowRules.TENSORWISE)
          .refusal();
    }
    boolean coarser = !linears.scheme().equals(NarrowLinears.FP8) && gpu.abilities().fp8();
    throw InputError.about(JobKey.TRAINING_SCHEME)
        .isSet(linears.scheme())
        .but(gpu.name(), " has no ", linears.scheme(), ", so that training fails")
        .allowed(coarser ? NarrowLinears.FP8 + ", none" : "none")
        .refusal();
  }

  /**
   * axolotl scattermoe_lora/grouped_train.py _auto_backend: Marlin needs compute capability 8.0,
   * and 10.x takes DeepGEMM, which keeps matrices in another format besides.
   */
  private static void checkPacked(ResolvedJob job, Gpu gpu) {
    if (!job.quantization().readsPacked()) {
      return;
    }
    Optional<Capability> capability = gpu.generation().capability();
    if (capability.filter(each -> each.isAtLeast(8, 0)).isEmpty()) {
      throw InputError.about(JobKey.QUANTIZATION_IMPLEMENTATION)
          .isSet(Quantization.GROUPED)
          .but(gpu.name(), " has no kernels for it, so that training fails")
          .allowed(Quantization.SNAPPED)
          .refusal();
    }
    if (capability.filter(each -> each.major() == 10).isPresent()) {
      throw Gap.value(JobKey.QUANTIZATION_IMPLEMENTATION, Quantization.GROUPED)
          .and(" on ", gpu.name())
          .needs("what DeepGEMM, which runs there, copies")
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
        .kind(ErrorKind.CONTRADICTION)
        .isSet(value)
        .and(" of bitsandbytes, which has no kernels for it on ", gpu.name());
  }

  /** What stands for TransformerEngine on cards of others is their own code, if there is any. */
  public static boolean hasOtherEngine(ResolvedJob job, Gpu gpu) {
    return job.linears().areEngines() && gpu.vendor() != Vendor.NVIDIA;
  }

  /**
   * {@code torch._scaled_mm} and TransformerEngine have kernels from compute capability 8.9 on,
   * those of MXFP8 for few of these.
   */
  public static boolean lacksNarrow(ResolvedJob job, Gpu gpu) {
    NarrowLinears linears = job.linears();
    return linears != NarrowLinears.NONE
        && !(gpu.abilities().fp8() && linears.runOn(gpu.generation().capability()));
  }

  /** FlashAttention is asked for by name; SDPA falls back on other kernels. */
  public static boolean lacksFlash(ResolvedJob job, Gpu gpu) {
    return job.attention() == AttentionKernel.FLASH
        && gpu.vendor() == Vendor.NVIDIA
        && !gpu.abilities().flashAttention();
  }
}
