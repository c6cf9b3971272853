package dev.vramcast.core.time;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.Evaluation.Generated;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.EvaluationCode.Generation;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;

/**
 * How long an evaluation takes: its forward passes, and what Transformers' {@code generate} makes
 * in place of them or behind them, as for completions.
 *
 * @param in what the job's time depends on
 */
record EvaluationTime(GenerationTime.Inputs in) {

  /**
   * Whether the time of what is generated is modelled: of an encoder-decoder nobody has told the
   * decoder's part of the work.
   */
  static boolean covers(Architecture model) {
    return !model.readsText() && !model.hears();
  }

  /** Tokens of the evaluation that a job describes, on all its GPUs, padding included. */
  static double tokens(ResolvedJob job, Evaluation evaluation) {
    double sequences = (double) evaluation.batches() * evaluation.microBatch();
    return sequences
        * job.batch().sequenceLength()
        * job.parallelism().dataParallel()
        * job.objective().sequencesOfAnExample();
  }

  /**
   * Seconds of all GPUs together for each token of an evaluation.
   *
   * @param forward those of its forward pass
   */
  double perToken(double forward) {
    return in.job()
        .evaluation()
        .filter(evaluation -> covers(in.model().model()))
        .flatMap(evaluation -> evaluation.generated().map(asked -> perToken(forward, evaluation)))
        .orElse(forward);
  }

  private double perToken(double forward, Evaluation evaluation) {
    double passes = way() == Generation.ALONE ? 0 : forward;
    return passes + batches(evaluation) * seconds(evaluation) / tokens(in.job(), evaluation);
  }

  /** TRL draws answers to one batch of each evaluation (trl, generate_during_eval). */
  private int batches(Evaluation evaluation) {
    return way() == Generation.OF_PAIRS ? 1 : evaluation.batches();
  }

  /** One batch, whose beams are rows of their own. */
  private double seconds(Evaluation evaluation) {
    Generated asked = evaluation.generated().orElseThrow();
    Batch batch = evaluation.batch(in.job().batch());
    int whole = batch.sequenceLength();
    int prompt = way() == Generation.OF_PAIRS ? whole - asked.newTokens() : whole;
    double rows = (double) batch.microBatch() * asked.beams();
    int tokens = asked.newTokens();
    return new Decoding(in, prompt, tokens, tokens, in.layout().modelParallel())
        .byTransformers(rows);
  }

  /** What of its time is counted, where it generates. */
  Optional<Remark> remark() {
    return in.job()
        .evaluation()
        .filter(evaluation -> evaluation.generated().isPresent())
        .map(evaluation -> Remark.about(JobKey.EVALUATION_NEW_TOKENS, sentence(evaluation)));
  }

  private String sentence(Evaluation evaluation) {
    if (!covers(in.model().model())) {
      return "Of an evaluation the time of its forward passes is counted, not that of what it"
          + " generates.";
    }
    Generated asked = evaluation.generated().orElseThrow();
    int batches = batches(evaluation);
    return "An evaluation makes "
        + asked.newTokens()
        + " tokens behind each sequence of "
        + (batches == 1 ? "a batch" : batches + " batches")
        + ", one token of all sequences of a batch after the other.";
  }

  private Generation way() {
    return in.job().frameworkCode().get(EvaluationCode.GENERATION);
  }
}
