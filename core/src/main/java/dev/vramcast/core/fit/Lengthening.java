package dev.vramcast.core.fit;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A change with which a card holds longer sequences.
 *
 * @param tokens of a sequence that fits by the estimate, to the next lower multiple of {@link
 *     #GRID}
 */
public record Lengthening(Change change, int tokens) {

  /** Ranks that share a sequence take lengths that divide; all usual degrees divide this. */
  public static final int GRID = 256;

  /** A length that is found is at most so much shorter than what fits. */
  private static final double CLOSE = 1.04;

  /** What takes less for each token, and what leaves more room for tokens. */
  private static final List<Remedy> REMEDIES =
      List.of(
          KernelRemedies::attention,
          KernelRemedies::loss,
          KernelRemedies::fusedKernels,
          StepRemedies::sharding,
          StepRemedies::sharedSequences,
          StepRemedies::checkpointing,
          StepRemedies::tiledMlp,
          StepRemedies::microBatch,
          StepRemedies::offloadedCheckpoints,
          StepRemedies::offloadedStates,
          TrainingRemedies::quantisedBase);

  /**
   * What makes more than {@code longest} tokens fit, the longest first.
   *
   * @param longest of the job as it is
   * @param most the search ends here
   */
  public static List<Lengthening> of(FitEvaluator evaluator, FitCheck longest, int most) {
    List<Lengthening> all = new ArrayList<>();
    for (Remedy remedy : REMEDIES) {
      remedy.of(longest).stream()
          .flatMap(change -> longer(evaluator, longest, change, most).stream())
          .max(Comparator.comparingInt(Lengthening::tokens))
          .ifPresent(all::add);
    }
    all.sort(Comparator.comparingInt(Lengthening::tokens).reversed());
    return List.copyOf(all);
  }

  private static Optional<Lengthening> longer(
      FitEvaluator evaluator, FitCheck longest, Change change, int most) {
    int now = longest.resolution().job().batch().sequenceLength();
    int fits = grid((int) Math.ceil(now * CLOSE));
    if (fits > most || !fits(evaluator, change, fits)) {
      return Optional.empty();
    }
    int tooLong = 2 * fits;
    while (tooLong <= most && fits(evaluator, change, tooLong)) {
      fits = tooLong;
      tooLong *= 2;
    }
    tooLong = Math.min(tooLong, most + GRID);
    while (tooLong > fits * CLOSE && tooLong - fits > GRID) {
      int middle = grid(fits + (tooLong - fits) / 2);
      if (fits(evaluator, change, middle)) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    return Optional.of(new Lengthening(change, fits));
  }

  private static int grid(int tokens) {
    return Math.max(GRID, tokens / GRID * GRID);
  }

  private static boolean fits(FitEvaluator evaluator, Change change, int tokens) {
    JobDocument job =
        change.document().with(JobKey.SEQUENCE_LENGTH, tokens, Maximum.Values.SEARCHED);
    return evaluator.tryCheck(job).filter(Maximum.BY_THE_ESTIMATE).isPresent();
  }
}
