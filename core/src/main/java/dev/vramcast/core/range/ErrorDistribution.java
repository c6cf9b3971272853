package dev.vramcast.core.range;

import java.util.List;

/** How likely it is that a run takes some multiple of its estimate. */
public final class ErrorDistribution {

  private static final double TAIL = (1 - ErrorRange.SHARE) / 2;
  private static final double ROUNDING = 1e-9;
  private static final double DIGITS = 1e6;

  /**
   * Runs that take a multiple of the estimate.
   *
   * @param ratio truth / estimate; 0 and infinity for what is beyond all that was seen
   * @param weight above 0
   */
  record Atom(double ratio, double weight) {}

  private final List<Atom> rising;

  /**
   * A distribution.
   *
   * @param rising ratios, of weights that sum to 1
   */
  ErrorDistribution(List<Atom> rising) {
    this.rising = List.copyOf(rising);
  }

  List<Atom> rising() {
    return rising;
  }

  /**
   * The share of runs that take no more than a multiple of the estimate. It rises with the multiple
   * and, since no run to come is like those before it for certain, stays between 0 and 1.
   */
  public double chanceBelow(double ratio) {
    double below = 0;
    for (Atom atom : rising) {
      if (atom.ratio() > ratio) {
        break;
      }
      below += atom.weight();
    }
    return Math.min(1, below);
  }

  /**
   * Between which multiples {@link ErrorRange#SHARE} of runs lie, as many below as above. The
   * estimate itself is always inside; an end that is beyond all that was seen is at the outermost.
   */
  public ErrorRange range() {
    double low = Math.floor(low() * DIGITS) / DIGITS;
    double high = Math.ceil(high() * DIGITS) / DIGITS;
    return new ErrorRange(Math.min(1, low), Math.max(1, high));
  }

  private double low() {
    double beyond = 0;
    for (Atom atom : rising) {
      beyond += atom.weight();
      if (beyond > TAIL + ROUNDING && atom.ratio() > 0) {
        return Double.isInfinite(atom.ratio()) ? 1 : atom.ratio();
      }
    }
    return 1;
  }

  private double high() {
    double beyond = 0;
    for (int i = rising.size() - 1; i >= 0; i--) {
      Atom atom = rising.get(i);
      beyond += atom.weight();
      if (beyond > TAIL + ROUNDING && Double.isFinite(atom.ratio())) {
        return atom.ratio() > 0 ? atom.ratio() : 1;
      }
    }
    return 1;
  }
}
