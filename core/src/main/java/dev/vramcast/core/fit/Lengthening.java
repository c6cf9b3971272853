package dev.vramcast.core.fit;

import dev.vramcast.core.fit.Remedies.Remedy;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A change with which a card holds longer sequences.
 *
 * @param tokens of a sequence that fits by the estimate, to the next lower multiple of {@link
 *     #GRID}
 * @param check the job with so many
 */
public record Lengthening(Change change, int tokens, FitCheck check) {

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
    int first = grid((int) Math.ceil(now * CLOSE));
    IntPredicate fits =
        tokens -> evaluator.fits(lasting(change, tokens), Certainty.BY_THE_ESTIMATE);
    if (first > most || !fits.test(first)) {
      return Optional.empty();
    }
    int tokens = longest(first, most, fits);
    return evaluator
        .tryCheck(lasting(change, tokens))
        .map(check -> new Lengthening(change, tokens, check));
  }

  /** By doubling, then by halving. */
  private static int longest(int first, int most, IntPredicate fits) {
    int best = first;
    int tooLong = most + GRID;
    while (tooLong > best * CLOSE && tooLong - best > GRID) {
      boolean open = tooLong > most;
      int next = open && 2 * best <= most ? 2 * best : grid(best + (tooLong - best) / 2);
      if (fits.test(next)) {
        best = next;
      } else {
        tooLong = next;
      }
    }
    return best;
  }

  private static int grid(int tokens) {
    return Math.max(GRID, tokens / GRID * GRID);
  }

  private static JobDocument lasting(Change change, int tokens) {
    return change.document().with(JobKey.SEQUENCE_LENGTH, tokens, Maximum.Values.SEARCHED);
  }
}
