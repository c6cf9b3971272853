package dev.vramcast.core.job.resolve.stage;

import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;

/** Which loss runs, whatever a document asks for. */
public final class LossRules {

  private LossRules() {}

  /**
   * The loss of a job. A release that is not stated is one that has the loss which the document
   * names.
   */
  public static LossKernel kernel(PartialJob d, FrameworkCode code) {
    return keepsOwn(d, code) ? LossKernel.CHUNKED : d.get(JobKey.LOSS, LossKernel.class);
  }

  /**
   * Liger puts a forward pass to a loss over words into the model that a trainer has, which fails
   * in one that scores (liger_kernel/transformers/model/llama.py lce_forward reads {@code
   * lm_head}).
   */
  public static void check(PartialJob d, FrameworkCode code) {
    boolean scores = d.get(JobKey.STAGE, Stage.class) == Stage.REWARD;
    boolean reaches = code.stages().does(StageHabit.LIGER_LAYERS_OF_PAIRS);
    if (scores && reaches && d.isSet(JobKey.LOSS, LossKernel.LIGER)) {
      throw d.given(JobKey.LOSS)
          .and(", but ", JobKey.STAGE, " is ", Stage.REWARD)
          .allowed("full")
          .refusal();
    }
  }

  /** What an answer's settings say of the loss that runs. */
  public static ResolvedValue resolved(PartialJob d, FrameworkCode code) {
    return keepsOwn(d, code)
        ? new ResolvedValue(
            JobKey.LOSS,
            LossKernel.CHUNKED,
            Provenance.DERIVED,
            d.isSet(JobKey.LOSS, LossKernel.LIGER)
                ? "this release's trainer keeps its own loss beside Liger's kernels"
                : "this release's trainer has no loss over whole logits")
        : d.resolved(JobKey.LOSS);
  }

  /** Says that a loss which the document asks for does not run. */
  public static void warnOfKept(PartialJob d, FrameworkCode code) {
    if (!keepsOwn(d, code)) {
      return;
    }
    String gives =
        d.isSet(JobKey.LOSS, LossKernel.LIGER)
            ? " liger gives way: this release's trainer keeps its own loss, in chunks, and takes"
                + " Liger's other kernels alone"
            : " full gives way: this release's trainer computes its loss in chunks";
    d.warn(d.document().about(JobKey.LOSS, gives));
  }

  private static boolean keepsOwn(PartialJob d, FrameworkCode code) {
    boolean asksForAnother =
        d.isSet(JobKey.LOSS, LossKernel.LIGER) || d.isSet(JobKey.LOSS, LossKernel.FULL);
    return asksForAnother
        && d.get(JobKey.STAGE, Stage.class) == Stage.SFT
        && d.frameworkVersion().isPresent()
        && code.is(LossCode.KEEPS_OWN);
  }
}
