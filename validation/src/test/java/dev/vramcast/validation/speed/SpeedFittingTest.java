package dev.vramcast.validation.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.catalog.speed.FittedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.ShippedCases;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SpeedFittingTest {

  private static final SpeedCoefficients TRUE =
      SpeedCoefficients.BEFORE
          .with(SpeedCoefficient.A100, 0.66)
          .with(SpeedCoefficient.FLASH2, 0.73);

  /** Runs of published jobs at the speed that they would have under other coefficients. */
  private static List<SpeedRun> runs() {
    List<Case> cases = new ArrayList<>();
    ShippedCases.THROUGHPUT.read(cases::add);
    List<Case> two =
        cases.stream()
            .filter(
                each -> each.source().startsWith("mosaicml") || each.source().startsWith("Qwen"))
            .toList();
    return IntStream.range(0, two.size())
        .filter(i -> i % 4 == 0)
        .mapToObj(two::get)
        .flatMap(each -> SpeedRun.of(each).stream())
        .map(run -> at(run, run.measured() * Math.exp(run.error(TRUE))))
        .toList();
  }

  private static SpeedRun at(SpeedRun run, double speed) {
    return new SpeedRun(run.source(), run.job(), run.model(), run.gpu(), run.type(), speed);
  }

  @Test
  void runs_move_the_coefficients_towards_those_that_made_them() {
    SpeedCoefficients found = SpeedFit.of(runs(), SpeedCoefficients.BEFORE);

    double before = SpeedCoefficient.A100.before();
    assertThat(found.of(SpeedCoefficient.A100)).isLessThan(before).isGreaterThan(0.6);
    assertThat(SpeedResiduals.of("all", runs(), found, SpeedCoefficients.BEFORE))
        .satisfies(
            all ->
                assertThat(SpeedResiduals.middle(all.errors()))
                    .isLessThan(0.75 * SpeedResiduals.middle(all.leftOut())));
  }

  @Test
  void a_source_counts_once_however_many_runs_it_has() {
    List<SpeedRun> once = runs();
    List<SpeedRun> twice = new ArrayList<>(once);
    once.stream().filter(run -> run.source().startsWith("Qwen")).forEach(twice::add);

    SpeedCoefficients found = SpeedFit.of(twice, SpeedCoefficients.BEFORE);

    SpeedCoefficients expected = SpeedFit.of(once, SpeedCoefficients.BEFORE);
    for (SpeedCoefficient key : SpeedCoefficient.values()) {
      assertThat(found.of(key)).isCloseTo(expected.of(key), within(1e-3 * key.before()));
    }
  }

  @Test
  void what_no_run_decides_stays() {
    SpeedCoefficients found = SpeedFit.of(runs(), SpeedCoefficients.BEFORE);

    assertThat(found.of(SpeedCoefficient.UNKNOWN)).isEqualTo(SpeedCoefficient.UNKNOWN.before());
    assertThat(found.of(SpeedCoefficient.CDNA4)).isEqualTo(SpeedCoefficient.CDNA4.before());
  }

  @Test
  void a_source_has_no_part_in_what_it_is_judged_by() {
    List<SpeedRun> runs = runs();
    SpeedFitting fitting = SpeedFitting.ofRuns(runs, 3);

    List<SpeedRun> others =
        runs.stream().filter(run -> !run.source().equals(runs.get(0).source())).toList();
    SpeedCoefficients without = SpeedFit.of(others, SpeedFit.of(runs, SpeedCoefficients.BEFORE));
    assertThat(fitting.residuals())
        .filteredOn(each -> each.source().equals(runs.get(0).source()))
        .singleElement()
        .satisfies(each -> assertThat(each.leftOut()[0]).isEqualTo(runs.get(0).error(without)));
    assertThat(fitting.caps()).isEqualTo(3);
    assertThat(fitting.fitted())
        .extracting(FittedCoefficient::key)
        .containsExactly(SpeedCoefficient.values());
  }

  @Test
  void quantiles_are_shares_of_what_was_measured() {
    double[] errors = {Math.log(1.1), Math.log(0.8), Math.log(1.5)};

    assertThat(SpeedResiduals.quantile(errors, 0.5)).isCloseTo(0.1, within(1e-9));
    assertThat(SpeedResiduals.middle(errors)).isCloseTo(0.25, within(1e-9));
  }
}
