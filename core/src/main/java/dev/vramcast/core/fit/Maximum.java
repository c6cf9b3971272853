package dev.vramcast.core.fit;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The most of something that a card holds.
 *
 * @param value the largest
 * @param check the job with it
 */
public record Maximum(int value, FitCheck check) {

  /** What holds for certain: the whole range is below the card's memory. */
  public static final Predicate<FitCheck> FOR_CERTAIN = FitCheck::fits;

  /** What the estimate says, whatever its range. */
  public static final Predicate<FitCheck> BY_THE_ESTIMATE = check -> check.spareBytes() >= 0;

  /**
   * The largest value of a key with which a job fits, found by doubling and halving: more never
   * needs less. Empty when not even 1 fits.
   *
   * @param key of whole numbers, such as the micro-batch
   * @param most the search ends here
   * @throws InputException when the job cannot run with 1
   */
  public static Optional<Maximum> of(
      FitEvaluator evaluator, JobDocument job, JobKey key, int most, Predicate<FitCheck> fits) {
    FitCheck least = evaluator.check(at(job, key, 1));
    if (!fits.test(least)) {
      return Optional.empty();
    }
    Maximum best = new Maximum(1, least);
    int tooMuch = most + 1;
    while (best.value < most && best.value + 1 < tooMuch) {
      int next = next(best.value, tooMuch, most);
      Optional<FitCheck> check = evaluator.tryCheck(at(job, key, next)).filter(fits);
      if (check.isPresent()) {
        best = new Maximum(next, check.get());
      } else {
        tooMuch = next;
      }
    }
    return Optional.of(best);
  }

  /** Twice as much while nothing was too much, then the middle. */
  private static int next(int best, int tooMuch, int most) {
    boolean open = tooMuch > most;
    long doubled = Math.min(most, 2L * best);
    return (int) (open ? doubled : best + (tooMuch - best) / 2);
  }

  private static JobDocument at(JobDocument job, JobKey key, int value) {
    return job.with(key, value, new Place.Chosen("searched"));
  }
}
