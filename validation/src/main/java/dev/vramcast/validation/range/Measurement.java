package dev.vramcast.validation.range;

import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;

/**
 * What a case says about the estimate of its job.
 *
 * @param source whose cases are not independent of each other: who published it; of exact cases,
 *     which all come from one hand, the type of the model
 * @param ratio truth / estimate
 * @param bound the truth is at least that, since the run ended out of memory there, or was shorter
 *     than the job
 */
public record Measurement(Figure figure, JobKind kind, String source, double ratio, boolean bound) {

  /**
   * Whether this says anything about a range. A bound below the estimate does not: the truth may be
   * on either side of the estimate.
   */
  boolean isInformative() {
    return !bound || ratio > 1;
  }

  /** Whether this agrees with a range; a bound does when the range reaches up to it. */
  public boolean isWithin(ErrorRange range) {
    return ratio <= range.high() && (bound || ratio >= range.low());
  }
}
