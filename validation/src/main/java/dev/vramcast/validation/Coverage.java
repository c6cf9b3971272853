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
 * @param width half of the ranges that are shown are no wider, as a multiple of the estimate
 * @param capped runs whose length is a cap, for which there is a range; they are no truths, and
 *     inside where they are not above it
 * @param routed runs with experts on several GPUs of which nobody says how unevenly tokens went to
 *     them, for which there is a range
 * @param outOfMemory runs out of memory for which there is a range; they are no truths, and inside
 *     where it reaches above what the card has
 * @param withoutRange supported cases for which there is none
 */
public record Coverage(
    String name,
    Held truths,
    OptionalDouble width,
    Held capped,
    Routed routed,
    Held outOfMemory,
    int withoutRange) {

  /** Runs that are held against their ranges, and those of them that are inside. */
  public record Held(int count, int inside) {

    private static Held of(Collection<CaseResult> checked, Predicate<CaseResult> such) {
      return new Held(
          Coverage.count(checked, such),
          Coverage.count(checked, such.and(r -> isInside(r).orElseThrow())));
    }
  }

  /**
   * Runs whose routers may have sent more tokens to a GPU than is counted. One above its range is
   * what they explain; one below is an error that they do not.
   */
  public record Routed(int count, int below, int above) {

    private static Routed of(Collection<CaseResult> checked, Predicate<CaseResult> such) {
      return new Routed(
          Coverage.count(checked, such),
          Coverage.count(checked, such.and(r -> r.range().orElseThrow().isBelow())),
          Coverage.count(checked, such.and(r -> r.range().orElseThrow().isAbove())));
    }
  }

  /** Of cases none of which has a range. */
  public static Coverage none(String name) {
    return of(name, List.of());
  }

  static Coverage of(String name, Collection<CaseResult> results) {
    Predicate<CaseResult> ended = r -> r.status() == Status.OK;
    Predicate<CaseResult> capped = is(RangeCheck.Use.CAPPED);
    Predicate<CaseResult> routed = is(RangeCheck.Use.ROUTED);
    Predicate<CaseResult> ran = ended.and(capped.or(routed).negate());
    Predicate<CaseResult> cap = ended.and(capped);
    List<CaseResult> checked = results.stream().filter(r -> isInside(r).isPresent()).toList();
    return new Coverage(
        name,
        Held.of(checked, ran),
        width(checked.stream().filter(ran).toList()),
        Held.of(checked, cap),
        Routed.of(checked, ended.and(routed)),
        Held.of(checked, ended.negate()),
        count(results, r -> r.range().isPresent() && isInside(r).isEmpty()));
  }

  private static Predicate<CaseResult> is(RangeCheck.Use use) {
    return result -> result.range().orElseThrow().use() == use;
  }

  /** One for each name, the largest first, then by name. */
  static List<Coverage> by(Function<CaseResult, String> name, Collection<CaseResult> results) {
    Map<String, List<CaseResult>> byName =
        results.stream()
            .filter(r -> r.range().isPresent())
            .collect(Collectors.groupingBy(name, TreeMap::new, Collectors.toList()));
    return byName.entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingInt((Coverage c) -> -c.truths().count()))
        .toList();
  }

  /** The share of truths that are inside. */
  public OptionalDouble share() {
    return share(truths.inside(), truths.count());
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
