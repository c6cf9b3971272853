package dev.vramcast.validation.speed;

import dev.vramcast.core.hardware.SpeedCoefficients;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How far one source's runs are from their estimates.
 *
 * @param runs of the source
 * @param errors logarithms of estimated for measured speeds, under the coefficients of all sources
 * @param leftOut the same, under coefficients that the source has no part in
 */
record SpeedResiduals(String source, List<SpeedRun> runs, double[] errors, double[] leftOut) {

  static SpeedResiduals of(
      String source, List<SpeedRun> runs, SpeedCoefficients all, SpeedCoefficients without) {
    return new SpeedResiduals(source, runs, errors(runs, all), errors(runs, without));
  }

  private static double[] errors(List<SpeedRun> runs, SpeedCoefficients coefficients) {
    ToDoubleFunction<SpeedRun> error = run -> run.error(coefficients);
    return runs.stream().mapToDouble(error).toArray();
  }

  /** Share by which the middle one of some errors is off, whichever way. */
  static double middle(double[] errors) {
    return quantile(Arrays.stream(errors).map(Math::abs).toArray(), 0.5);
  }

  /** A quantile of errors as a share of what was measured. */
  static double quantile(double[] errors, double fraction) {
    double[] sorted = errors.clone();
    Arrays.sort(sorted);
    double position = fraction * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    double between = sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    return Math.expm1(between);
  }
}
