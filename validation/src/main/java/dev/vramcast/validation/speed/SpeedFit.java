package dev.vramcast.validation.speed;

import static java.util.Objects.requireNonNull;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

  private final List<SpeedRun> runs;

  /** What a squared error of each run counts. */
  private final double[] weights;

  /** By coefficient, the runs whose estimates it has a part in. */
  private final int[][] moved;

  private SpeedFit(List<SpeedRun> runs, SpeedCoefficients start) {
    this.runs = runs;
    Map<String, Long> ofSource =
        runs.stream().collect(Collectors.groupingBy(SpeedRun::source, Collectors.counting()));
    this.weights =
        runs.stream()
            .mapToDouble(run -> 1 / (NOISE * NOISE * requireNonNull(ofSource.get(run.source()))))
            .toArray();
    this.moved =
        Arrays.stream(SpeedCoefficient.values())
            .map(key -> moved(key, start))
            .toArray(int[][]::new);
  }

  /** An estimate that a coefficient has a part in is none where that is none. */
  private int[] moved(SpeedCoefficient key, SpeedCoefficients start) {
    return key.freedom() == 0
        ? new int[0]
        : IntStream.range(0, runs.size())
            .filter(i -> Double.isNaN(runs.get(i).error(start.with(key, Double.NaN))))
            .toArray();
  }

  /**
   * The best coefficients.
   *
   * @param start where the search begins
   */
  static SpeedCoefficients of(List<SpeedRun> runs, SpeedCoefficients start) {
    return new SpeedFit(runs, start).search(start);
  }

  private SpeedCoefficients search(SpeedCoefficients start) {
    State best =
        new State(start, runs.stream().mapToDouble(run -> cost(run.error(start))).toArray());
    for (double step : STEPS) {
      for (int round = 0; round < ROUNDS; round++) {
        double before = loss(best);
        for (SpeedCoefficient key : SpeedCoefficient.values()) {
          best = moved(best, key, step);
        }
        if (before - loss(best) < 1e-3) {
          break;
        }
      }
    }
    return best.coefficients();
  }

  /**
   * Where the search is.
   *
   * @param costs of each run
   */
  private record State(SpeedCoefficients coefficients, double[] costs) {}

  /** With one coefficient larger or smaller, if that is better. */
  private State moved(State best, SpeedCoefficient key, double step) {
    if (key.freedom() == 0) {
      return best;
    }
    double least = loss(best);
    for (double factor : new double[] {Math.exp(step), Math.exp(-step)}) {
      State moved = with(best, key, best.coefficients().of(key) * factor);
      if (loss(moved) < least) {
        return moved;
      }
    }
    return best;
  }

  private State with(State from, SpeedCoefficient key, double value) {
    SpeedCoefficients coefficients = from.coefficients().with(key, value);
    double[] costs = from.costs().clone();
    for (int i : moved[key.ordinal()]) {
      costs[i] = cost(runs.get(i).error(coefficients));
    }
    return new State(coefficients, costs);
  }

  /** Twice the negative logarithm of the likelihood, but for a constant. */
  private double loss(State state) {
    double sum = 0;
    for (SpeedCoefficient key : SpeedCoefficient.values()) {
      if (key.freedom() > 0) {
        double by = Math.log(state.coefficients().of(key) / key.before()) / key.freedom();
        sum += by * by;
      }
    }
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * state.costs()[i];
    }
    return sum;
  }

  private static double cost(double error) {
    double size = Math.abs(error);
    return size < OUTLIER ? size * size : OUTLIER * (2 * size - OUTLIER);
  }
}
