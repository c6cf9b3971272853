package dev.vramcast.validation.speed;

import dev.vramcast.catalog.speed.FittedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.ShippedCases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The fit of all coefficients, and one without each source.
 *
 * @param fitted in the order of their declaration
 * @param residuals by source
 * @param caps runs that are left out because their length is only a cap
 */
public record SpeedFitting(
    List<FittedCoefficient> fitted, List<SpeedResiduals> residuals, long caps) {

  /** Fits to the runs that are part of the product. */
  public static SpeedFitting shipped() {
    List<Case> cases = new ArrayList<>();
    ShippedCases.THROUGHPUT.read(cases::add);
    return of(cases);
  }

  static SpeedFitting of(List<Case> cases) {
    List<SpeedRun> runs = cases.stream().flatMap(each -> SpeedRun.of(each).stream()).toList();
    long caps = cases.stream().filter(each -> each.isThroughput() && each.lengthIsCap()).count();
    return ofRuns(runs, caps);
  }

  static SpeedFitting ofRuns(List<SpeedRun> runs, long caps) {
    SpeedCoefficients all = SpeedFit.of(runs, SpeedCoefficients.BEFORE);
    Map<String, List<SpeedRun>> bySource =
        runs.stream()
            .collect(Collectors.groupingBy(SpeedRun::source, TreeMap::new, Collectors.toList()));
    List<LeftOut> without =
        bySource.entrySet().parallelStream()
            .map(each -> LeftOut.of(each.getKey(), each.getValue(), runs, all))
            .toList();
    return new SpeedFitting(
        fitted(all, without.stream().map(LeftOut::coefficients).toList()),
        without.stream().map(each -> each.residuals(all)).toList(),
        caps);
  }

  /**
   * A source and the coefficients that it has no part in.
   *
   * @param runs of the source
   */
  private record LeftOut(String source, List<SpeedRun> runs, SpeedCoefficients coefficients) {

    static LeftOut of(
        String source, List<SpeedRun> runs, List<SpeedRun> all, SpeedCoefficients start) {
      List<SpeedRun> others = all.stream().filter(run -> !run.source().equals(source)).toList();
      return new LeftOut(source, runs, SpeedFit.of(others, start));
    }

    SpeedResiduals residuals(SpeedCoefficients all) {
      return SpeedResiduals.of(source, runs, all, coefficients);
    }
  }

  private static List<FittedCoefficient> fitted(
      SpeedCoefficients all, Collection<SpeedCoefficients> without) {
    return Arrays.stream(SpeedCoefficient.values())
        .map(
            key ->
                new FittedCoefficient(
                    key,
                    all.of(key),
                    without.stream().mapToDouble(each -> each.of(key)).min().orElse(all.of(key)),
                    without.stream().mapToDouble(each -> each.of(key)).max().orElse(all.of(key))))
        .toList();
  }

  /** Errors of all runs, each under coefficients that its source has no part in. */
  double[] leftOut() {
    return residuals.stream().flatMapToDouble(each -> Arrays.stream(each.leftOut())).toArray();
  }
}
