package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
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
}
