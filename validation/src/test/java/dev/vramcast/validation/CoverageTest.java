package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.validation.cases.MeasuredKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTest {

  @Test
  void truths_bounds_and_runs_out_of_memory_are_counted_apart() {
    Coverage coverage = SampleReport.some().coverage();

    assertThat(coverage).isEqualTo(new Coverage("all", 3, 2, 1, 1, 2, 2, 1));
    assertThat(coverage.share()).hasValue(2.0 / 3);
    assertThat(coverage.uncappedShare()).hasValue(0.5);
  }

  @Test
  void there_is_one_for_each_quality_and_each_range() {
    assertThat(SampleReport.some().coveragesByQuality())
        .extracting(Coverage::name)
        .containsExactly("near", "complete", "exact");
    assertThat(SampleReport.some().coveragesByRange())
        .extracting(Coverage::name)
        .containsExactly("reserved or device, one GPU, Transformers", "no range");
  }

  @Test
  void a_report_of_no_cases_has_no_share() {
    assertThat(SampleReport.empty().coverage().share()).isEmpty();
    assertThat(SampleReport.empty().coveragesByRange()).isEmpty();
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
