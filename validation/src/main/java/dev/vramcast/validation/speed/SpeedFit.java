package dev.vramcast.validation.speed;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds the coefficients under which runs are the most likely. Each source counts once, however
 * many runs it has: its runs share software, machine and habits. Errors are differences of
 * logarithms, whose squares grow no further than linearly from {@link #OUTLIER} on; coefficients
 * have a normal distribution in their logarithm before any run is seen.
 */
final class SpeedFit {

  /** Standard deviation of a source's error, of the logarithm. */
  private static final double NOISE = 0.15;

  /** Errors beyond it count as if what is wrong were not the coefficients. */
  private static final double OUTLIER = 0.3;

  /** Steps of the logarithm that a coefficient is moved by, the last as fine as three digits. */
  private static final double[] STEPS = {0.16, 0.04, 0.01, 0.0025};

  private static final int ROUNDS = 12;

  private final Collection<List<SpeedRun>> sources;

  private SpeedFit(Collection<List<SpeedRun>> sources) {
    this.sources = sources;
  }

  /**
   * The best coefficients.
   *
   * @param start where the search begins
   */
  static SpeedCoefficients of(List<SpeedRun> runs, SpeedCoefficients start) {
    Map<String, List<SpeedRun>> bySource =
        runs.stream().collect(Collectors.groupingBy(SpeedRun::source));
    return new SpeedFit(bySource.values()).search(start);
  }

  private SpeedCoefficients search(SpeedCoefficients start) {
    SpeedCoefficients best = start;
    double least = loss(best);
    for (double step : STEPS) {
      for (int round = 0; round < ROUNDS; round++) {
        double before = least;
        for (SpeedCoefficient key : SpeedCoefficient.values()) {
          SpeedCoefficients moved = moved(best, least, key, step);
          least = moved.equals(best) ? least : loss(moved);
          best = moved;
        }
        if (before - least < 1e-3) {
          break;
        }
      }
    }
    return best;
  }

  /** With one coefficient larger or smaller, if that is better. */
  private SpeedCoefficients moved(
      SpeedCoefficients best, double least, SpeedCoefficient key, double step) {
    if (key.freedom() == 0) {
      return best;
    }
    for (double factor : new double[] {Math.exp(step), Math.exp(-step)}) {
      SpeedCoefficients moved = best.with(key, best.of(key) * factor);
      if (loss(moved) < least) {
        return moved;
      }
    }
    return best;
  }

  /** Twice the negative logarithm of the likelihood, but for a constant. */
  private double loss(SpeedCoefficients coefficients) {
    double sum = 0;
    for (SpeedCoefficient key : SpeedCoefficient.values()) {
      if (key.freedom() > 0) {
        double moved = Math.log(coefficients.of(key) / key.before()) / key.freedom();
        sum += moved * moved;
      }
    }
    for (List<SpeedRun> runs : sources) {
      double mean = 0;
      for (SpeedRun run : runs) {
        mean += cost(run.error(coefficients)) / runs.size();
      }
      sum += mean / (NOISE * NOISE);
    }
    return sum;
  }

  private static double cost(double error) {
    double size = Math.abs(error);
    return size < OUTLIER ? size * size : OUTLIER * (2 * size - OUTLIER);
  }
}
