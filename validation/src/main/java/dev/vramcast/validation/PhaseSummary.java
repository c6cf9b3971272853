package dev.vramcast.validation;

import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The errors of one phase over the exact cases.
 *
 * @param cases that state the phase
 * @param median of the absolute error, as are {@code p95} and {@code max}
 * @param signedMedian with its sign
 */
public record PhaseSummary(
    MeasuredPhase phase,
    int cases,
    OptionalDouble median,
    OptionalDouble p95,
    OptionalDouble max,
    OptionalDouble signedMedian) {

  /** One for each phase that any case states. */
  static List<PhaseSummary> of(Collection<CaseResult> results) {
    return List.of(MeasuredPhase.values()).stream()
        .map(phase -> of(phase, results))
        .filter(summary -> summary.cases > 0)
        .toList();
  }

  private static PhaseSummary of(MeasuredPhase phase, Collection<CaseResult> results) {
    List<Double> errors =
        results.stream()
            .map(CaseResult::phaseErrors)
            .filter(byPhase -> byPhase.containsKey(phase))
            .map(byPhase -> byPhase.get(phase))
            .toList();
    Percentiles absolute = new Percentiles(errors.stream().map(Math::abs).toList());
    return new PhaseSummary(
        phase,
        errors.size(),
        absolute.at(0.5),
        absolute.at(0.95),
        absolute.at(1),
        new Percentiles(errors).at(0.5));
  }
}
