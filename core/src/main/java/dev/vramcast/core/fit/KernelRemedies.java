package dev.vramcast.core.fit;

import dev.vramcast.core.code.FusedLoss;
import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import java.util.List;

/** Other code for the same arithmetic. */
final class KernelRemedies {

  private KernelRemedies() {}

  /** {@code foreach} makes a temporary as large as a state, {@code fused} none. */
  static List<Change> optimizer(FitCheck job) {
    OptimizerSettings optimizer = settings(job).optimizer();
    if (optimizer.implementation() != OptimizerImplementation.FOREACH
        || !optimizer.name().implementations().contains(OptimizerImplementation.FUSED)) {
      return List.of();
    }
    return List.of(
        new Change(
            "fused optimizer step",
            Drawback.NONE,
            "faster",
            Edit.of(job)
                .set(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerImplementation.FUSED)
                .done()));
  }

  static List<Change> attention(FitCheck job) {
    if (settings(job).attention() != AttentionKernel.EAGER) {
      return List.of();
    }
    return List.of(
        new Change(
            "attention eager to sdpa",
            Drawback.NONE,
            "faster",
            Edit.of(job).set(JobKey.ATTENTION, AttentionKernel.SDPA).done()));
  }

  /** Fused losses never hold all logits; each framework has its own, or none. */
  static List<Change> loss(FitCheck job) {
    if (settings(job).loss() != LossKernel.FULL) {
      return List.of();
    }
    return job.fusedLoss().stream()
        .map(
            fused ->
                new Change(
                    "loss full to " + fused.label(),
                    Drawback.NONE,
                    "about as fast",
                    Edit.of(job).set(JobKey.LOSS, fused).done()))
        .toList();
  }

  static List<Change> fusedKernels(FitCheck job) {
    if (!hasLiger(job) || !settings(job).ligerKernels().isEmpty()) {
      return List.of();
    }
    return List.of(
        new Change(
            "Liger norms, SwiGLU and rotary",
            Drawback.NONE,
            "faster, if Liger has the model",
            Edit.of(job).set(JobKey.LIGER_KERNELS, List.of(LigerKernel.values())).done()));
  }

  private static boolean hasLiger(FitCheck job) {
    return settings(job).frameworkCode().is(LossCode.LIGER_REACHES)
        && FusedLoss.runsTriton(job.card());
  }

  static ResolvedJob settings(FitCheck job) {
    return job.resolution().job();
  }
}
