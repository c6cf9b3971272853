package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.validation.cases.MeasuredKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTest {

  @Test
  void truths_bounds_and_runs_out_of_memory_are_counted_apart() {
    Coverage coverage = SampleReport.some().coverage();

    assertThat(coverage.truths()).isEqualTo(new Coverage.Held(2, 1));
    assertThat(coverage.width()).hasValue(1);
    assertThat(coverage.capped()).isEqualTo(new Coverage.Held(1, 1));
    assertThat(coverage.outOfMemory()).isEqualTo(new Coverage.Held(2, 2));
    assertThat(coverage.withoutRange()).isEqualTo(1);
    assertThat(coverage.share()).hasValue(0.5);
  }

  @Test
  void there_is_one_for_each_quality_number_and_source() {
    assertThat(SampleReport.some().coveragesByQuality())
        .extracting(Coverage::name)
        .containsExactly("near", "complete", "exact");
    assertThat(SampleReport.some().coveragesByFigure())
        .extracting(Coverage::name)
        .containsExactly("device, framework met", "counted, none");
    assertThat(SampleReport.some().coveragesBySource())
        .extracting(Coverage::name)
        .containsExactly("lab/runs");
  }

  @Test
  void a_report_of_no_cases_has_no_share() {
    assertThat(SampleReport.empty().coverage().share()).isEmpty();
    assertThat(SampleReport.empty().coveragesByFigure()).isEmpty();
  }

  @Test
  void a_case_is_held_against_the_range_that_an_estimate_shows() {
    long estimated = estimated(MeasuredKind.RESERVED);

    assertThat(run(estimated, MeasuredKind.RESERVED).range().orElseThrow().isInside())
        .contains(true);
    assertThat(run(estimated * 4, MeasuredKind.RESERVED).range().orElseThrow().isInside())
        .contains(false);
  }

  private static long estimated(MeasuredKind kind) {
    return run(5, kind).estimatedBytes().orElseThrow();
  }

  private static CaseResult run(long peak, MeasuredKind kind) {
    return Validation.run(sink -> List.of(Cases.ran("a", peak, kind, "")).forEach(sink))
        .results()
        .get(0);
  }
}
