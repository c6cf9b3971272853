package dev.vramcast.validation;

import java.util.Collection;
import java.util.OptionalDouble;

/**
 * Percentiles by linear interpolation between the two nearest values: the value at position {@code
 * (n - 1) * fraction} of the sorted values, counted from 0. NumPy's default.
 */
final class Percentiles {

  private final double[] sorted;

  Percentiles(Collection<Double> values) {
    sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** Empty when there are no values. */
  OptionalDouble at(double fraction) {
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    double position = (sorted.length - 1) * fraction;
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    double share = position - below;
    return OptionalDouble.of(sorted[below] + share * (sorted[above] - sorted[below]));
  }
}
