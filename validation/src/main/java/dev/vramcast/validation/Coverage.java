package dev.vramcast.validation;

import dev.vramcast.validation.cases.Status;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How many truths lie in the ranges about their estimates.
 *
 * @param name what the cases have in common
 * @param truths peaks of runs for which there is a range
 * @param inside those in their range
 * @param width half of the ranges that are shown are no wider, as a multiple of the estimate
 * @param capped runs whose length is a cap, for which there is a range; they are no truths
 * @param cappedInside of these, those not above it
 * @param outOfMemory runs out of memory for which there is a range; they are no truths
 * @param outOfMemoryInside those whose range reaches above what the card has
 * @param withoutRange supported cases for which there is none
 */
public record Coverage(
    String name,
    int truths,
    int inside,
    OptionalDouble width,
    int capped,
    int cappedInside,
    int outOfMemory,
    int outOfMemoryInside,
    int withoutRange) {

  static Coverage of(String name, Collection<CaseResult> results) {
    Predicate<CaseResult> ended = r -> r.status() == Status.OK;
    Predicate<CaseResult> capped = r -> r.range().orElseThrow().use() == RangeCheck.Use.CAPPED;
    Predicate<CaseResult> ran = ended.and(capped.negate());
    Predicate<CaseResult> cap = ended.and(capped);
    List<CaseResult> checked = results.stream().filter(r -> isInside(r).isPresent()).toList();
    Predicate<CaseResult> inside = r -> isInside(r).orElseThrow();
    return new Coverage(
        name,
        count(checked, ran),
        count(checked, ran.and(inside)),
        width(checked.stream().filter(ran).toList()),
        count(checked, cap),
        count(checked, cap.and(inside)),
        count(checked, ended.negate()),
        count(checked, ended.negate().and(inside)),
        count(results, r -> r.range().isPresent() && isInside(r).isEmpty()));
  }

  /** One for each name, the largest first, then by name. */
  static List<Coverage> by(Function<CaseResult, String> name, Collection<CaseResult> results) {
    Map<String, List<CaseResult>> byName =
        results.stream()
            .filter(r -> r.range().isPresent())
            .collect(Collectors.groupingBy(name, TreeMap::new, Collectors.toList()));
    return byName.entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingInt((Coverage c) -> -c.truths()))
        .toList();
  }

  /** The share of truths that are inside. */
  public OptionalDouble share() {
    return share(inside, truths);
  }

  private static OptionalDouble share(int part, int whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
  }

  private static OptionalDouble width(Collection<CaseResult> results) {
    double[] widths =
        results.stream()
            .flatMap(result -> result.range().stream())
            .flatMapToDouble(check -> check.width().stream())
            .sorted()
            .toArray();
    return widths.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(widths[widths.length / 2]);
  }

  private static Optional<Boolean> isInside(CaseResult result) {
    return result.range().flatMap(RangeCheck::isInside);
  }

  private static int count(Collection<CaseResult> results, Predicate<CaseResult> test) {
    return (int) results.stream().filter(test).count();
  }
}
