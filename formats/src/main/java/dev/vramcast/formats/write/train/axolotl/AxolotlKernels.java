package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.TrainerWords;
import java.util.ArrayList;
import java.util.List;

/** Attention, loss and fused kernels in Axolotl's keys. */
final class AxolotlKernels {

  private static final String LIGER = "axolotl.integrations.liger.LigerPlugin";
  private static final String EXPERTS = "axolotl.integrations.kernels.KernelsPlugin";
  private static final String CUT = "axolotl.integrations.cut_cross_entropy.CutCrossEntropyPlugin";

  private AxolotlKernels() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    ResolvedJob job = coverage.job();
    output.put("attn_implementation", TrainerWords.attention(job.attention()));
    coverage.says(JobKey.ATTENTION, JobKey.LIGER_KERNELS, JobKey.COMPILE);
    plugins(job, output);
    loss(coverage, output);
    if (job.compile()) {
      output.put("torch_compile", true);
    }
  }

  private static void plugins(ResolvedJob job, OutputKeys output) {
    List<String> plugins = new ArrayList<>();
    if (job.quantization().scheme() == QuantizationScheme.NVFP4) {
      plugins.add(EXPERTS);
    }
    boolean liger = job.loss() == LossKernel.LIGER || job.loss() == LossKernel.TRITON;
    if (liger || !job.ligerKernels().isEmpty()) {
      plugins.add(LIGER);
    }
    if (job.loss() == LossKernel.CCE) {
      plugins.add(CUT);
    }
    if (!plugins.isEmpty()) {
      output.put("plugins", plugins);
    }
    if (plugins.contains(LIGER)) {
      kernels(job, output);
    }
  }

  private static void kernels(ResolvedJob job, OutputKeys output) {
    output.put("liger_rope", job.ligerKernels().contains(LigerKernel.ROPE));
    output.put("liger_rms_norm", job.ligerKernels().contains(LigerKernel.RMS_NORM));
    output.put("liger_glu_activation", job.ligerKernels().contains(LigerKernel.SWIGLU));
  }

  private static void loss(JobCoverage coverage, OutputKeys output) {
    switch (coverage.job().loss()) {
      case FULL -> {}
      case CHUNKED -> output.put("chunked_cross_entropy", true);
      case LIGER -> output.put("liger_fused_linear_cross_entropy", true);
      case TRITON -> output.put("liger_cross_entropy", true);
      case CCE -> output.put("cut_cross_entropy", true);
    }
    coverage.says(JobKey.LOSS);
  }
}
