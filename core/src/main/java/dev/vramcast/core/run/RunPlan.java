package dev.vramcast.core.run;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.check.JobChecks;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.run.stage.StagePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * The life of a job: its episodes in their order. Memory writes them to a trace, and the peak of
 * the run is that of the highest; time and cost add up what their passes take.
 */
public record RunPlan(List<Episode> episodes) {

  public RunPlan {
    episodes = List.copyOf(episodes);
    if (episodes.stream().filter(Episode.Step.class::isInstance).count() != 1) {
      throw new IllegalArgumentException("a run has one kind of step");
    }
  }

  /**
   * The plan of a job, made from its objective.
   *
   * @throws UnsupportedJobException when its stage or another of its settings is not modelled
   */
  public static RunPlan of(ResolvedJob job) {
    JobChecks.checkModelled(job);
    List<Episode> training = training(job);
    if (job.evaluation().isEmpty()) {
      return new RunPlan(training);
    }
    Evaluation evaluation = job.evaluation().get();
    RunPlan evaluated = new RunPlan(training(job.with(evaluation.batch(job.batch()))));
    List<Episode> episodes = new ArrayList<>(training);
    int last = episodes.size() - 1;
    episodes.add(last, EvaluationPlan.episode(job, evaluation, evaluated.step()));
    return new RunPlan(episodes);
  }

  private static List<Episode> training(ResolvedJob job) {
    return job.objective().stage().isSupervised() ? supervised(job) : StagePlan.episodes(job);
  }

  /** The model is loaded, and each step runs it over a micro-batch. */
  private static List<Episode> supervised(ResolvedJob job) {
    PassBatch batch = PassBatch.of(job.batch());
    Pass pass = new Pass(ResidentModel.POLICY, true, batch, job.loss());
    List<Pass> passes =
        smoothsApart(job)
            ? List.of(pass.with(new PassHead.Loss(LossKernel.FULL)), pass.withoutGraph())
            : List.of(pass);
    return List.of(new Episode.Load(List.of(ResidentModel.POLICY)), new Episode.Step(passes));
  }

  /**
   * Smoothed labels take logits, which the loss does not make; what is logged comes from it. No
   * labels are smoothed where tokens are weighted (trl/trainer/sft_trainer.py compute_loss).
   */
  private static boolean smoothsApart(ResolvedJob job) {
    return job.supervision().labelSmoothing() > 0
        && !job.supervision().weighsTokens()
        && job.loss() == LossKernel.CHUNKED
        && job.frameworkCode().is(LossCode.SMOOTHS_APART);
  }

  /** What is repeated until the data ends. */
  public Episode.Step step() {
    return episodes.stream()
        .filter(Episode.Step.class::isInstance)
        .map(Episode.Step.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
