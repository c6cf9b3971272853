package dev.vramcast.core.fit;

import dev.vramcast.core.fit.Remedies.Remedy;
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
    int fits = grid((int) Math.ceil(now * CLOSE));
    Optional<Lengthening> found = fits > most ? Optional.empty() : fitting(evaluator, change, fits);
    return found.map(first -> longest(evaluator, first, most));
  }

  /** By doubling, then by halving. */
  private static Lengthening longest(FitEvaluator evaluator, Lengthening first, int most) {
    Lengthening best = first;
    int tooLong = most + GRID;
    while (tooLong > best.tokens * CLOSE && tooLong - best.tokens > GRID) {
      boolean open = tooLong > most;
      int next =
          open && 2 * best.tokens <= most
              ? 2 * best.tokens
              : grid(best.tokens + (tooLong - best.tokens) / 2);
      Optional<Lengthening> more = fitting(evaluator, first.change, next);
      best = more.orElse(best);
      tooLong = more.isPresent() ? tooLong : next;
    }
    return best;
  }

  private static int grid(int tokens) {
    return Math.max(GRID, tokens / GRID * GRID);
  }

  private static Optional<Lengthening> fitting(FitEvaluator evaluator, Change change, int tokens) {
    JobDocument job =
        change.document().with(JobKey.SEQUENCE_LENGTH, tokens, Maximum.Values.SEARCHED);
    return evaluator
        .tryCheck(job)
        .filter(Maximum.BY_THE_ESTIMATE)
        .map(check -> new Lengthening(change, tokens, check));
  }
}
