package dev.vramcast.validation.range;

import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunError;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes ranges from the errors of runs.
 *
 * <p>How many sources a wider group counts for is the least of {@link #SHRINKAGES} at which enough
 * runs lie in the ranges that are made without their source, and enough of every source of more
 * than a few. Where none does it is the one that comes nearest.
 */
public final class RangeMaker {

  /** From as much as one source to so much that a group of few sources hardly counts. */
  private static final List<Double> SHRINKAGES =
      List.of(
          1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 16.0, 24.0,
          32.0, 48.0, 64.0, 96.0);

  private static final double DIGITS = 1e6;

  private RangeMaker() {}

  /** The ranges of all errors. */
  public static RangeTable of(Collection<RunError> errors) {
    List<RunError> rows = together(errors);
    RangeTable best = new RangeTable(rows, SHRINKAGES.get(0));
    double least = Double.POSITIVE_INFINITY;
    for (double shrinkage : SHRINKAGES) {
      RangeTable table = new RangeTable(rows, shrinkage);
      double missing = LeftOut.of(table).missing();
      if (missing < least) {
        least = missing;
        best = table;
      }
    }
    return best;
  }

  /** Runs that say the same as one, in a fixed order. */
  private static List<RunError> together(Collection<RunError> errors) {
    Map<RunError, Integer> counts = new LinkedHashMap<>();
    errors.stream()
        .map(RangeMaker::rounded)
        .sorted(
            Comparator.comparing(RunError::figure)
                .thenComparing(RunError::source)
                .thenComparing(error -> error.kind().toString())
                .thenComparing(RunError::ratio)
                .thenComparing(RunError::bound))
        .forEach(error -> counts.merge(error, error.runs(), Integer::sum));
    return counts.entrySet().stream()
        .map(
            each -> {
              RunError one = each.getKey();
              return new RunError(
                  one.figure(),
                  one.kind(),
                  one.source(),
                  one.ratio(),
                  one.bound(),
                  each.getValue());
            })
        .toList();
  }

  private static RunError rounded(RunError error) {
    double ratio = Math.max(1, Math.round(error.ratio() * DIGITS)) / DIGITS;
    return new RunError(
        error.figure(), error.kind(), error.source(), ratio, error.bound(), error.runs());
  }
}
