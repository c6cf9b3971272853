package dev.vramcast.core.range;

/**
 * What a run says about the estimate of its job.
 *
 * @param source whose runs are not independent of each other: who published it; of {@link
 *     Figure#COUNTED}, which all come from one hand, the type of the model
 * @param ratio truth / estimate
 * @param bound the truth is more than that, since the run ended out of memory there
 * @param runs of which all of this holds
 */
public record RunError(
    Figure figure, JobKind kind, String source, double ratio, boolean bound, int runs) {

  public RunError {
    if (!(ratio > 0 && Double.isFinite(ratio) && runs > 0)) {
      throw new IllegalArgumentException("no error of a run: x" + ratio + ", " + runs + " runs");
    }
  }

  /**
   * Whether this says anything about a range. A bound below the estimate does not: the truth may be
   * on either side of the estimate.
   */
  boolean isInformative() {
    return !bound || ratio > 1;
  }

  /**
   * Whether a GPU may have held more than its job says, since the routers of a real model decide
   * how many tokens its experts get.
   */
  public boolean isRouted() {
    return figure != Figure.COUNTED && kind.spread() == Spread.EXPERT_PARALLEL;
  }

  /** Whether this agrees with a range; a bound does when the range reaches up to it. */
  public boolean isWithin(ErrorRange range) {
    return ratio <= range.high() && (bound || ratio >= range.low());
  }
}
