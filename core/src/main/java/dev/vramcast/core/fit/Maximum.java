package dev.vramcast.core.fit;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * The most of something that a card holds.
 *
 * @param value the largest
 * @param check the job with it
 * @param tooMuch a smaller one that does not fit; empty unless a framework cuts sequences for MLPs
 *     into the more pieces the longer they are
 */
public record Maximum(int value, FitCheck check, OptionalInt tooMuch) {

  /**
   * Values below the one that is found of which each must fit too. More never allocates less, but
   * the allocator's rounding may reserve less for it, so that halving can step over a value that
   * does not fit.
   */
  private static final int LOOKED_AT = 4;

  /** How far down is gone for so many in a row. */
  private static final int FARTHEST = 32;

  /**
   * Values that are searched, ever larger.
   *
   * @param count how many
   * @param at the value at a place, from 0 on
   * @param put what makes a job with a value
   * @param most no value is above it
   */
  public record Values(int count, IntUnaryOperator at, Put put, int most) {

    /** The job with a value. */
    @FunctionalInterface
    public interface Put {

      JobDocument in(JobDocument job, int value);
    }

    /** Where searched values come from. */
    public static final Place SEARCHED = new Place.Chosen("searched");

    /** Every number of a key from 1 on. */
    public static Values upTo(JobKey key, int most) {
      return multiples(key, 1, 1, most);
    }

    /** Multiples of a number that are not below another. */
    public static Values multiples(JobKey key, int step, int least, int most) {
      int first = (least + step - 1) / step * step;
      return new Values(
          most < first ? 0 : (most - first) / step + 1,
          index -> first + index * step,
          (job, value) -> job.with(key, value, SEARCHED),
          most);
    }

    /** The least value. */
    public int first() {
      return at(0);
    }

    /** A job with it. */
    public FitCheck least(FitEvaluator evaluator, JobDocument job) {
      return evaluator.check(in(job, 0));
    }

    int at(int index) {
      return at.applyAsInt(index);
    }

    private JobDocument in(JobDocument job, int index) {
      return put.in(job, at(index));
    }
  }

  /**
   * The largest of some values with which, and with those just below it, a job fits, found by
   * doubling and halving. Empty when not even the first fits.
   *
   * <p>Where MLPs run on the more pieces the longer sequences are, one more piece makes each
   * shorter: both the least and the most that so many pieces need grow with their number. What is
   * searched then are numbers of pieces, by the least, and lengths with as many.
   *
   * @throws InputException when the job cannot run with the first
   */
  public static Optional<Maximum> of(
      FitEvaluator evaluator, JobDocument job, Values values, Certainty certainty) {
    FitCheck least = values.least(evaluator, job);
    if (!certainty.isMet(least)) {
      return Optional.empty();
    }
    IntPredicate fits = index -> evaluator.fits(values.in(job, index), certainty);
    int found = largest(values.count, fits);
    Pieces pieces = new Pieces(evaluator, job, values);
    OptionalInt tooMuch = OptionalInt.empty();
    if (least.resolution().job().mlpTiles().isPresent() && pieces.differ()) {
      found = pieces.longer(found, fits);
      int below = pieces.start(pieces.of(found)) - 1;
      boolean fitsBelow = below < 0 || fits.test(below);
      tooMuch = fitsBelow ? tooMuch : OptionalInt.of(values.at(below));
    }
    FitCheck check = found == 0 ? least : evaluator.check(values.in(job, found));
    return Optional.of(new Maximum(values.at(found), check, tooMuch));
  }

  /** The largest below a count that fits, as those just below it do; 0 fits. */
  static int largest(int count, IntPredicate fits) {
    return withoutGap(largest(0, count, fits), fits);
  }

  /** The largest from one that fits up to a number of values, by doubling and halving. */
  private static int largest(int first, int count, IntPredicate fits) {
    int best = first;
    int tooMuch = count;
    while (best + 1 < tooMuch) {
      int next = next(best, tooMuch, count);
      if (fits.test(next)) {
        best = next;
      } else {
        tooMuch = next;
      }
    }
    return best;
  }

  /** Pieces that MLPs of a job run on with each value. */
  private record Pieces(FitEvaluator evaluator, JobDocument job, Values values) {

    private int of(int index) {
      return evaluator.pieces(values.in(job, index)).orElse(1);
    }

    private boolean differ() {
      return of(0) != of(values.count - 1);
    }

    /** The first index with so many pieces, or more. */
    private int start(int pieces) {
      int less = -1;
      int enough = values.count;
      while (enough - less > 1) {
        int middle = less + (enough - less) / 2;
        if (of(middle) < pieces) {
          less = middle;
        } else {
          enough = middle;
        }
      }
      return enough;
    }

    /** The largest that fits with the most pieces with which the least length does. */
    private int longer(int found, IntPredicate fits) {
      int best = found;
      int fewest = of(found);
      int tooMany = of(values.count - 1) + 1;
      while (fewest + 1 < tooMany) {
        int middle = fewest + (tooMany - fewest) / 2;
        int start = start(middle);
        if (fits.test(start)) {
          best = start;
          fewest = of(start);
        } else {
          tooMany = middle;
        }
      }
      return largest(best, start(fewest + 1), fits);
    }
  }

  /** The one itself, or the next one with nothing that does not fit just below it. */
  private static int withoutGap(int found, IntPredicate fits) {
    int best = found;
    int fitting = 1;
    int last = Math.max(0, found - FARTHEST);
    for (int index = found - 1; index >= last && fitting <= LOOKED_AT; index--) {
      if (fits.test(index)) {
        best = fitting == 0 ? index : best;
        fitting++;
      } else {
        fitting = 0;
      }
    }
    return best;
  }

  /** Twice as much while nothing was too much, then the middle. */
  private static int next(int best, int tooMuch, int count) {
    boolean open = tooMuch == count;
    long doubled = Math.min(count - 1, 2L * best + 1);
    return (int) (open ? doubled : best + (tooMuch - best) / 2);
  }
}
