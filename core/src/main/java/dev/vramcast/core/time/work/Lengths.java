package dev.vramcast.core.time.work;

/**
 * Lengths of examples where only their mean is known: log-normal with a spread of 0.8 in the
 * logarithm, cut at the longest sequence. Of a batch of eight that is padded to its longest, 0.39
 * are then real tokens.
 */
public final class Lengths {

  private static final double SPREAD = 0.8;
  private static final int STEPS = 2000;

  private Lengths() {}

  /**
   * Share of real tokens in batches that are padded to their longest sequence: the mean length for
   * the mean of the longest of {@code batch}.
   *
   * @param mean tokens of an example
   * @param longest tokens at which sequences are cut
   */
  public static double share(double mean, double longest, int batch) {
    double median = mean / Math.exp(SPREAD * SPREAD / 2);
    double mean1 = 0;
    double meanLongest = 0;
    double step = longest / STEPS;
    for (int i = 0; i < STEPS; i++) {
      double below = below((i + 0.5) * step, median);
      mean1 += (1 - below) * step;
      meanLongest += (1 - Math.pow(below, batch)) * step;
    }
    return mean1 / meanLongest;
  }

  /** The share of examples that are shorter. */
  private static double below(double length, double median) {
    return normal(Math.log(length / median) / SPREAD);
  }

  /** Distribution function of the normal distribution (Abramowitz and Stegun, 26.2.17). */
  private static double normal(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double series =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * series;
    return x >= 0 ? 1 - tail : tail;
  }
}
