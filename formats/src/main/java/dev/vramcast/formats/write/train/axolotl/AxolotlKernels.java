package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.TrainerWords;
import java.util.List;

/** Attention, loss and fused kernels in Axolotl's keys. */
final class AxolotlKernels {

  private static final String LIGER = "axolotl.integrations.liger.LigerPlugin";
  private static final String CUT = "axolotl.integrations.cut_cross_entropy.CutCrossEntropyPlugin";

  private AxolotlKernels() {}

  static void put(Said said, Sheet sheet) {
    ResolvedJob job = said.job();
    sheet.put("attn_implementation", TrainerWords.attention(job.attention()));
    said.says(JobKey.ATTENTION, JobKey.LIGER_KERNELS, JobKey.COMPILE);
    boolean liger = job.loss() == LossKernel.LIGER || job.loss() == LossKernel.TRITON;
    if (liger || !job.ligerKernels().isEmpty()) {
      sheet.put("plugins", List.of(LIGER));
      kernels(job, sheet);
    }
    loss(said, sheet);
    if (job.compile()) {
      sheet.put("torch_compile", true);
    }
  }

  private static void kernels(ResolvedJob job, Sheet sheet) {
    sheet.put("liger_rope", job.ligerKernels().contains(LigerKernel.ROPE));
    sheet.put("liger_rms_norm", job.ligerKernels().contains(LigerKernel.RMS_NORM));
    sheet.put("liger_glu_activation", job.ligerKernels().contains(LigerKernel.SWIGLU));
  }

  private static void loss(Said said, Sheet sheet) {
    switch (said.job().loss()) {
      case FULL -> {}
      case CHUNKED -> sheet.put("chunked_cross_entropy", true);
      case LIGER -> sheet.put("liger_fused_linear_cross_entropy", true);
      case TRITON -> sheet.put("liger_cross_entropy", true);
      case CCE -> {
        boolean both = sheet.values().containsKey("plugins");
        sheet.put("plugins", both ? List.of(LIGER, CUT) : List.of(CUT));
        sheet.put("cut_cross_entropy", true);
      }
    }
    said.says(JobKey.LOSS);
  }
}
