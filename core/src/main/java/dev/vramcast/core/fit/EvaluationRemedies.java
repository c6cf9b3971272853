package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.KernelRemedies.settings;

import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Changes of how a run evaluates, for runs whose evaluation takes more than their steps. */
final class EvaluationRemedies {

  private static final String SEARCHED = "fewer answers are searched for the likeliest";
  private static final String CUT = "longer answers are cut off";

  private EvaluationRemedies() {}

  /** Logits that are gathered go to the host after every batch. */
  static List<Change> accumulation(FitCheck job) {
    return evaluated(
        job,
        now ->
            now.gathered() <= 1
                ? List.of()
                : List.of(
                    new Change(
                        "evaluation accumulation steps "
                            + (now.accumulation().isPresent() ? now.gathered() + " to 1" : "1"),
                        Drawback.TIME,
                        "logits go to the host after every batch",
                        Edit.of(job).set(JobKey.EVALUATION_ACCUMULATION, 1).done())));
  }

  /** Halves, rounded down, with as many more batches, so that the same data are evaluated. */
  static List<Change> batch(FitCheck job) {
    return evaluated(
        job,
        now -> {
          List<Change> changes = new ArrayList<>();
          long examples = (long) now.batches() * now.microBatch();
          for (int smaller = now.microBatch() / 2; smaller > 0; smaller /= 2) {
            long more = (examples + smaller - 1) / smaller;
            if (JobKey.EVALUATION_BATCHES.kind().read(more).isEmpty()) {
              break;
            }
            changes.add(
                new Change(
                    "evaluation batch " + now.microBatch() + " to " + smaller,
                    Drawback.TIME,
                    "the same data in " + more + " batches",
                    Edit.of(job)
                        .set(JobKey.EVALUATION_BATCH, smaller)
                        .set(JobKey.EVALUATION_BATCHES, more)
                        .done()));
          }
          return changes;
        });
  }

  /** Of an evaluation the loss alone ({@code prediction_loss_only}). */
  static List<Change> lossAlone(FitCheck job) {
    return evaluated(
        job,
        now ->
            now.metrics()
                ? List.of(
                    new Change(
                        "evaluation without metrics",
                        Drawback.RECORD,
                        "of an evaluation the loss alone is known (prediction_loss_only)",
                        Edit.of(job).set(JobKey.EVALUATION_METRICS, false).done()))
                : List.of());
  }

  /** Half of the beams until one is left. */
  static List<Change> beams(FitCheck job) {
    return generated(
        job,
        now -> halves(job, "evaluation beams ", JobKey.EVALUATION_BEAMS, now.beams(), SEARCHED));
  }

  /** Half of the tokens that an evaluation generates of each sequence. */
  static List<Change> newTokens(FitCheck job) {
    return generated(
        job,
        now ->
            halves(job, "evaluation tokens ", JobKey.EVALUATION_NEW_TOKENS, now.newTokens(), CUT));
  }

  private static List<Change> halves(FitCheck job, String name, JobKey key, int now, String cost) {
    return Edit.halves(
        now,
        1,
        fewer ->
            new Change(
                name + now + " to " + fewer,
                Drawback.RECORD,
                cost,
                Edit.of(job).set(key, fewer).done()));
  }

  private static List<Change> generated(
      FitCheck job, Function<Evaluation.Generated, List<Change>> changes) {
    return evaluated(job, now -> now.generated().map(changes).orElse(List.of()));
  }

  private static List<Change> evaluated(FitCheck job, Function<Evaluation, List<Change>> changes) {
    return settings(job).evaluation().map(changes).orElse(List.of());
  }
}
