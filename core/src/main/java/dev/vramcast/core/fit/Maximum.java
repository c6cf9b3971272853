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
   * Values below the one that is found of which each must fit too. More never allocates less, but
   * the allocator's rounding may reserve less for it, so that halving can step over a value that
   * does not fit.
   */
  private static final int LOOKED_AT = 4;

  /** How far down is gone for so many in a row. */
  private static final int FARTHEST = 32;

  /**
   * The largest value of a key with which, and with those just below it, a job fits, found by
   * doubling and halving. Empty when not even 1 fits.
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
    return Optional.of(withoutGap(best, evaluator, job, key, fits));
  }

  /** The value itself, or the next one with nothing that does not fit just below it. */
  private static Maximum withoutGap(
      Maximum found,
      FitEvaluator evaluator,
      JobDocument job,
      JobKey key,
      Predicate<FitCheck> fits) {
    Maximum best = found;
    int fitting = 1;
    int last = Math.max(1, found.value - FARTHEST);
    for (int value = found.value - 1; value >= last && fitting <= LOOKED_AT; value--) {
      Optional<FitCheck> check = evaluator.tryCheck(at(job, key, value)).filter(fits);
      if (check.isPresent()) {
        best = fitting == 0 ? new Maximum(value, check.get()) : best;
        fitting++;
      } else {
        fitting = 0;
      }
    }
    return best;
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
