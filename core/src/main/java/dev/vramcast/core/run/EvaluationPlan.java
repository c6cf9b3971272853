package dev.vramcast.core.run;

import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Episode.Evaluation.Choice;
import dev.vramcast.core.run.episode.Episode.Evaluation.Search;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.ResidentModel;
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
      boolean asked = evaluation.metrics() || evaluation.generated().isPresent();
      boolean whole =
          liger && (asked || code.is(EvaluationCode.LIGER_MAKES_LOGITS))
              || supervised && code.is(EvaluationCode.WHOLE_LOSS);
      passes.add(whole ? forward.with(new PassHead.Loss(LossKernel.FULL)) : forward);
    }
    if (evaluation.metrics()
        && job.loss() == LossKernel.CHUNKED
        && code.is(EvaluationCode.LOGITS_BY_PASS)) {
      passes.add(passes.get(0).with(new PassHead.Logits()));
    }
    boolean alone =
        evaluation.generated().isPresent()
            && code.get(EvaluationCode.GENERATION) == EvaluationCode.Generation.ALONE;
    return new Episode.Evaluation(
        alone ? List.of() : passes,
        evaluation.gathered(),
        evaluation.generated().map(asked -> search(job, evaluation, asked)));
  }

  /**
   * What is generated: of an encoder-decoder behind a first token of the decoder, of one batch of
   * pairs behind their prompts, else behind whole sequences. Beams are rows of their own from the
   * first pass on, but for an encoder (generation/utils.py _expand_inputs_for_generation).
   */
  private static Search search(ResolvedJob job, Evaluation evaluation, Evaluation.Generated asked) {
    Batch batch = evaluation.batch(job.batch());
    boolean pairs =
        job.frameworkCode().get(EvaluationCode.GENERATION) == EvaluationCode.Generation.OF_PAIRS;
    int rows = Math.multiplyExact(batch.microBatch(), asked.beams());
    int prompt = pairs ? batch.sequenceLength() - asked.newTokens() : batch.sequenceLength();
    int given = batch.hasImages() ? 1 : prompt;
    PassBatch prompts = new PassBatch(batch.hasImages() ? batch.microBatch() : rows, given);
    Pass pass = new Pass(ResidentModel.POLICY, false, prompts, new PassHead.NextTokens());
    long length = (long) prompts.length() + asked.newTokens();
    return new Search(pass, rows, length, asked.beams(), pairs ? Choice.DRAWN : Choice.LIKELIEST);
  }
}
