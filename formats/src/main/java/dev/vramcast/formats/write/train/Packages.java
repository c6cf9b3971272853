package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.QuantizationScheme;
import java.util.ArrayList;
import java.util.List;

/** What has to be installed beside a framework on Transformers' Trainer. */
public final class Packages {

  private Packages() {}

  /** The framework, in pip's words, and what the job asks for. */
  public static List<String> of(String framework, ResolvedJob job) {
    List<String> packages = new ArrayList<>(List.of(framework));
    if (job.quantization().implementation().equals("bitsandbytes")
        || job.optimizer().implementation() == OptimizerImplementation.BITSANDBYTES) {
      packages.add("bitsandbytes");
    }
    packages.addAll(loading(job.quantization().scheme()));
    if (job.optimizer().implementation() == OptimizerImplementation.TORCHAO) {
      packages.add("torchao");
    }
    if (job.loss() == LossKernel.LIGER) {
      packages.add("liger-kernel");
    }
    if (job.attention() == AttentionKernel.FLASH) {
      packages.add("flash-attn");
    }
    if (job.parallelism().strategy().isZero()) {
      packages.add("deepspeed");
    }
    return packages;
  }

  /**
   * Without which Transformers 5 refuses the weights (quantizers/quantizer_gptq.py and _awq.py).
   */
  private static List<String> loading(QuantizationScheme scheme) {
    return switch (scheme) {
      case GPTQ_INT4, GPTQ_INT8 -> List.of("optimum", "gptqmodel");
      case AWQ_INT4 -> List.of("gptqmodel");
      case NONE, NF4, FP4, INT8, FP8, MXFP4, NVFP4, AQLM_2BIT -> List.of();
    };
  }
}
