package dev.vramcast.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How far the estimates are from a set of cases.
 *
 * @param overall over all cases
 * @param groups by every {@link Grouping}, in its order
 * @param phases of exact cases
 * @param results one for each case, in the order of the files
 */
public record Report(
    Summary overall,
    List<Grouping.Group> groups,
    List<PhaseSummary> phases,
    List<CaseResult> results) {

  public Report {
    groups = List.copyOf(groups);
    phases = List.copyOf(phases);
    results = List.copyOf(results);
  }

  static Report of(List<CaseResult> results) {
    List<Grouping.Group> groups =
        Arrays.stream(Grouping.values()).flatMap(by -> by.groups(results).stream()).toList();
    return new Report(Summary.of(results), groups, PhaseSummary.of(results), results);
  }

  /** The groups of one kind, the largest first. */
  public List<Grouping.Group> groups(Grouping by) {
    return groups.stream().filter(group -> group.by() == by).toList();
  }

  public Optional<Grouping.Group> group(Grouping by, String name) {
    return groups(by).stream().filter(group -> group.name().equals(name)).findFirst();
  }

  /** How many truths lie in the ranges about their estimates. */
  public Coverage coverage() {
    return Coverage.of("all", results);
  }

  /** As {@link #coverage()}, for each quality. */
  public List<Coverage> coveragesByQuality() {
    return Coverage.by(result -> result.labels().quality(), results);
  }

  /**
   * As {@link #coverage()}, for each kind of number, by whether runs of the framework are known.
   */
  public List<Coverage> coveragesByFigure() {
    return Coverage.by(result -> result.range().orElseThrow().words(), results);
  }

  /** As {@link #coverage()}, for each source, of whose runs none has a part in its ranges. */
  public List<Coverage> coveragesBySource() {
    return Coverage.by(result -> result.labels().source(), results);
  }

  /** The share of runs that are inside, where runs of their framework are known. */
  public Coverage coverageOfMet() {
    return Coverage.of(
        "framework met",
        results.stream()
            .filter(
                result -> result.range().flatMap(RangeCheck::row).filter(r -> r.met()).isPresent())
            .toList());
  }

  /** The report over the cases of several. */
  public static Report join(Report... reports) {
    return of(Arrays.stream(reports).flatMap(report -> report.results.stream()).toList());
  }

  /** The report over some of the cases. */
  public Report only(Predicate<CaseResult> test) {
    return of(results.stream().filter(test).toList());
  }

  /** The cases with the largest absolute errors, the worst first. */
  public List<CaseResult> worst(int count) {
    List<CaseResult> sorted = new ArrayList<>(results);
    sorted.removeIf(result -> result.error().isEmpty());
    sorted.sort(
        Comparator.comparingDouble((CaseResult r) -> -Math.abs(r.error().getAsDouble()))
            .thenComparing(CaseResult::id));
    return List.copyOf(sorted.subList(0, Math.min(count, sorted.size())));
  }
}
