package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.validation.cases.MeasuredKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void a_run_that_a_router_may_have_made_larger_is_an_error_below_its_range_alone() {
    Coverage coverage =
        Report.of(
                List.of(
                    SampleReport.routed("low-1", 0.4),
                    SampleReport.routed("near-1", 1.2),
                    SampleReport.routed("high-1", 1.6),
                    SampleReport.routed("high-2", 1.7)))
            .coverage();

    assertThat(coverage.routed()).isEqualTo(new Coverage.Routed(4, 1, 2));
    assertThat(coverage.truths()).isEqualTo(new Coverage.Held(0, 0));
  }

  @ParameterizedTest
  @CsvSource({"0,ROUTED", "1,MAKES", "1.3,MAKES"})
  void a_run_that_says_how_unevenly_tokens_went_to_experts_is_a_truth_from_both_sides(
      double imbalance, RangeCheck.Use use) {
    Map<String, Object> stated =
        imbalance == 0 ? Map.of() : Map.of("parallelism", Map.of("expert_imbalance", imbalance));

    assertThat(RangeCheck.of(Cases.ofJob("a", stated), SampleReport.ROUTED, 0).use())
        .isEqualTo(use);
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
