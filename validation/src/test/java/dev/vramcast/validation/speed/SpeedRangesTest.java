package dev.vramcast.validation.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.ShippedCases;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpeedRangesTest {

  private static final SpeedRun TUNED = run("mosaicml");

  private static SpeedRun run(String publisher) {
    List<Case> cases = new ArrayList<>();
    ShippedCases.THROUGHPUT.read(cases::add);
    return cases.stream()
        .filter(each -> each.source().startsWith(publisher))
        .flatMap(each -> SpeedRun.of(each).stream())
        .findFirst()
        .orElseThrow();
  }

  private static SpeedResiduals source(String name, double... errors) {
    List<SpeedRun> runs = IntStream.range(0, errors.length).mapToObj(i -> TUNED).toList();
    return new SpeedResiduals(name, runs, errors, errors);
  }

  private static double[] spread(double from, double to) {
    return DoubleStream.iterate(from, x -> x <= to + 1e-9, x -> x + (to - from) / 40).toArray();
  }

  @Test
  void a_range_leaves_out_a_twentieth_at_either_end() {
    SpeedResiduals one = source("a", spread(-0.2, 0.2));
    SpeedRanges ranges = SpeedRanges.of(List.of(one, source("b", one.errors())));
    SpeedRanges.Range range = ranges.byKind().get(TUNED.kind());

    assertThat(range.runs()).isEqualTo(82);
    assertThat(Math.log(range.low())).isCloseTo(-0.18, within(0.006));
    assertThat(Math.log(range.high())).isCloseTo(0.18, within(0.006));
  }

  @Test
  void a_source_counts_once_however_many_runs_it_has() {
    SpeedResiduals many = source("many", spread(-0.1, 0.1));
    SpeedResiduals few = source("few", 0.5, 0.5);
    SpeedRanges.Range range = SpeedRanges.of(List.of(many, few)).byKind().get(TUNED.kind());

    assertThat(Math.log(range.high())).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void a_source_has_no_part_in_the_range_that_is_to_hold_it() {
    SpeedResiduals near = source("near", spread(-0.1, 0.1));
    SpeedResiduals far = source("far", 0.5, 0.6);
    SpeedRanges ranges = SpeedRanges.of(List.of(near, far));

    assertThat(ranges.insideOfSource()).isZero();
    assertThat(SpeedRanges.of(List.of(near, source("twin", 0, 0.05))).insideOfSource())
        .isBetween(0.5, 1.0);
  }
}
