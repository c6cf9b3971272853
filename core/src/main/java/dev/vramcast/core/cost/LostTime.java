package dev.vramcast.core.cost;

import java.util.ArrayList;
import java.util.List;

/**
 * The time that interruptions destroy, all in seconds.
 *
 * <p>A run is a row of intervals of work, each ended by a checkpoint. Interruptions come at random
 * with a mean time M between them. An interval of s seconds is interrupted e^(s/M) - 1 times on
 * average before it passes; each time costs what was done of it, and a restart of R seconds, which
 * is interrupted likewise. The mean of all this is M e^(R/M) (e^(s/M) - 1) - s for an interval
 * (Daly, A higher order estimate of the optimum checkpoint interval, 2006, equation 20).
 *
 * <p>Interruptions of n intervals are negative binomial. What k of them cost is taken as normal,
 * with its exact mean and variance, and not below k restarts.
 *
 * @param intervals how many, at least 1
 * @param interval one of them with its checkpoint, above 0
 * @param between mean time between interruptions, above 0
 * @param restart 0 and more
 */
record LostTime(long intervals, double interval, double between, double restart) {

  /** With more interruptions than this their sum is as good as normal. */
  private static final double MANY = 500;

  /** Of the standard normal distribution. */
  private static final double QUANTILE_90 = 1.2815515655446004;

  private static final double SHARE = 0.9;
  private static final double NEGLIGIBLE = 1e-9;
  private static final double WIDEST = 20;
  private static final int HALVINGS = 50;

  /** Below this differences of exponentials lose their digits, and series are exact instead. */
  private static final double SMALL = 1e-3;

  /** Expected interruptions during intervals, without those of restarts. */
  double failures() {
    return intervals * failuresOfOne();
  }

  private double failuresOfOne() {
    return Math.expm1(interval / between);
  }

  /** Expected. */
  double mean() {
    return failures() * meanOfFailure();
  }

  /** Work since the last checkpoint, and a restart that is tried until it passes. */
  private double meanOfFailure() {
    return between - interval / failuresOfOne() + between * Math.expm1(restart / between);
  }

  private double varianceOfFailure() {
    return between * between * (cutExponential(interval / between) + tries(restart / between));
  }

  /** Variance of an exponential time with mean 1, if it is below x. */
  private static double cutExponential(double x) {
    if (x < SMALL) {
      return x * x / 12;
    }
    double odds = 1 / Math.expm1(x);
    double mean = 1 - x * odds;
    return Math.max(0, 2 - (x * x + 2 * x) * odds - mean * mean);
  }

  /** Variance of the time until nothing comes for x, at one interruption in a unit of time. */
  private static double tries(double x) {
    return x < SMALL ? x * x * x / 3 : Math.exp(2 * x) - 2 * x * Math.exp(x) - 1;
  }

  private double deviation() {
    double each = meanOfFailure();
    double spread = each * each * Math.exp(interval / between);
    return Math.sqrt(failures() * (varianceOfFailure() + spread));
  }

  /** What nine of ten runs stay below; 0 where so many are never interrupted. */
  double p90() {
    if (failures() > MANY) {
      return mean() + QUANTILE_90 * deviation();
    }
    List<Double> chances = chances();
    if (chances.get(0) >= SHARE) {
      return 0;
    }
    double low = 0;
    double high = mean() + WIDEST * deviation();
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (shareBelow(middle, chances) < SHARE) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Of 0, 1, 2, ... interruptions, as far as they matter. */
  private List<Double> chances() {
    double failing = -Math.expm1(-interval / between);
    double chance = Math.exp(-intervals * (interval / between));
    double rest = 1 - chance;
    List<Double> chances = new ArrayList<>(List.of(chance));
    for (int k = 1; rest > NEGLIGIBLE && k < WIDEST * MANY; k++) {
      chance *= (intervals + k - 1.0) / k * failing;
      rest -= chance;
      chances.add(chance);
    }
    return chances;
  }

  private double shareBelow(double seconds, List<Double> chances) {
    double each = meanOfFailure();
    double variance = varianceOfFailure();
    double below = chances.get(0);
    for (int k = 1; k < chances.size() && seconds >= k * restart; k++) {
      double off = seconds - k * each;
      below += chances.get(k) * normal(off / Math.sqrt(k * variance));
    }
    return below;
  }

  /** Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17; to 7.5e-8. */
  private static double normal(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double series =
        0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)));
    double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * t * series;
    return x >= 0 ? 1 - tail : tail;
  }
}
