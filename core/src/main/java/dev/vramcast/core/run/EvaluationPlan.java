package dev.vramcast.core.run;

import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassHead;
import java.util.ArrayList;
import java.util.List;

/**
 * The passes of an evaluation: those of a step over one of its batches, without a graph
 * (transformers/trainer.py prediction_step).
 */
final class EvaluationPlan {

  private EvaluationPlan() {}

  /**
   * The episode of a job's evaluation.
   *
   * @param step of the same job over a batch of the evaluation
   */
  static Episode episode(ResolvedJob job, Evaluation evaluation, Episode.Step step) {
    FrameworkCode code = job.frameworkCode();
    List<Pass> passes = new ArrayList<>();
    for (Pass pass : step.passes()) {
      Pass forward = pass.withoutGraph();
      boolean liger =
          forward.head() instanceof PassHead.Loss loss && loss.kernel() == LossKernel.LIGER;
      boolean supervised = forward.head() instanceof PassHead.Loss;
      boolean whole =
          liger && (evaluation.metrics() || code.is(EvaluationCode.LIGER_MAKES_LOGITS))
              || supervised && code.is(EvaluationCode.WHOLE_LOSS);
      passes.add(whole ? forward.with(new PassHead.Loss(LossKernel.FULL)) : forward);
    }
    if (evaluation.metrics()
        && job.loss() == LossKernel.CHUNKED
        && code.is(EvaluationCode.LOGITS_BY_PASS)) {
      passes.add(passes.get(0).with(new PassHead.Logits()));
    }
    return new Episode.Evaluation(passes, evaluation.gathered());
  }
}
