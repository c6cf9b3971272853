package dev.vramcast.core.range;

/** How likely it is that a run takes some multiple of its estimate. */
public final class ErrorDistribution {

  private static final double TAIL = (1 - ErrorRange.SHARE) / 2;
  private static final double ROUNDING = 1e-9;
  private static final double DIGITS = 1e6;

  /** Truth / estimate, rising; 0 and infinity for what is beyond all that was seen. */
  private final double[] ratios;

  /** Of each, above 0. */
  private final double[] weights;

  /**
   * A distribution, which keeps the arrays.
   *
   * @param ratios rising
   * @param weights that sum to 1
   */
  ErrorDistribution(double[] ratios, double[] weights) {
    this.ratios = ratios;
    this.weights = weights;
  }

  /** How many multiples there are. */
  int size() {
    return ratios.length;
  }

  /** A multiple, which rise. */
  double ratio(int index) {
    return ratios[index];
  }

  /** How likely a multiple is. */
  double weight(int index) {
    return weights[index];
  }

  /**
   * The share of runs that take no more than a multiple of the estimate. It rises with the multiple
   * and, since no run to come is like those before it for certain, stays between 0 and 1.
   */
  public double chanceBelow(double ratio) {
    double below = 0;
    for (int i = 0; i < ratios.length && ratios[i] <= ratio; i++) {
      below += weights[i];
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
    for (int i = 0; i < ratios.length; i++) {
      beyond += weights[i];
      if (beyond > TAIL + ROUNDING && ratios[i] > 0) {
        return Double.isInfinite(ratios[i]) ? 1 : ratios[i];
      }
    }
    return 1;
  }

  private double high() {
    double beyond = 0;
    for (int i = ratios.length - 1; i >= 0; i--) {
      beyond += weights[i];
      if (beyond > TAIL + ROUNDING && Double.isFinite(ratios[i])) {
        return ratios[i] > 0 ? ratios[i] : 1;
      }
    }
    return 1;
  }
}
