package dev.vramcast.validation;

import dev.vramcast.validation.cases.Status;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The errors of several cases.
 *
 * @param cases all of them
 * @param supported those that were estimated
 * @param unsupported the others
 * @param falseFits runs out of memory that were said to fit, and runs whose peak is undercut by
 *     more than 5 %
 * @param outOfMemory runs that ended out of memory
 * @param reasons why cases are not supported, with how many
 */
public record Summary(
    int cases,
    int supported,
    int unsupported,
    Errors errors,
    int falseFits,
    int outOfMemory,
    Map<String, Long> reasons) {

  /**
   * Median, percentiles and maximum of the absolute error; empty where no case has an error.
   *
   * @param signedMedian median of the error with its sign: above 0 the estimates are too high
   */
  public record Errors(
      OptionalDouble median,
      OptionalDouble p90,
      OptionalDouble p95,
      OptionalDouble max,
      OptionalDouble signedMedian) {

    static Errors of(List<Double> errors) {
      Percentiles absolute = new Percentiles(errors.stream().map(Math::abs).toList());
      return new Errors(
          absolute.at(0.5),
          absolute.at(0.9),
          absolute.at(0.95),
          absolute.at(1),
          new Percentiles(errors).at(0.5));
    }
  }

  static Summary of(Collection<CaseResult> results) {
    List<Double> errors = results.stream().flatMap(r -> r.error().stream().boxed()).toList();
    int supported = count(results, CaseResult::isSupported);
    return new Summary(
        results.size(),
        supported,
        results.size() - supported,
        Errors.of(errors),
        count(results, CaseResult::falseFit),
        count(results, r -> r.status() == Status.OUT_OF_MEMORY),
        results.stream()
            .flatMap(r -> r.reason().stream())
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())));
  }

  /** The share of cases that are not supported; 0 when there are no cases. */
  public double unsupportedShare() {
    return cases == 0 ? 0 : (double) unsupported / cases;
  }

  private static int count(Collection<CaseResult> results, Predicate<CaseResult> test) {
    return (int) results.stream().filter(test).count();
  }
}
