package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.Measured;
import dev.vramcast.validation.cases.MeasuredKind;
import dev.vramcast.validation.cases.Quality;
import dev.vramcast.validation.cases.Status;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseComparisonTest {

  private static final String CAP = "length is a cap; something else";

  private static final Prediction PREDICTION =
      new Prediction(
          100,
          110,
          130,
          Map.of(MeasuredPhase.AFTER_LOAD, 50L, MeasuredPhase.PEAK_STEP, 80L),
          9,
          9,
          3,
          50);

  @ParameterizedTest
  @CsvSource({"ALLOCATED,100", "RESERVED,110", "DEVICE,130", "UNSTATED,110"})
  void each_kind_is_held_against_its_own_figure(MeasuredKind kind, long estimated) {
    assertThat(evaluator(Cases.ran("a", 100, kind, "")).estimatedBytes()).hasValue(estimated);
  }

  @Test
  void the_error_is_relative_to_the_measurement_and_has_a_sign() {
    assertThat(error(Cases.ran("a", 125, MeasuredKind.ALLOCATED, ""))).isEqualTo(-0.2);
    assertThat(error(Cases.ran("a", 80, MeasuredKind.ALLOCATED, ""))).isEqualTo(0.25);
  }

  @Test
  void above_a_measurement_whose_length_is_a_cap_there_is_no_error() {
    CaseResult above = evaluator(Cases.ran("a", 80, MeasuredKind.ALLOCATED, CAP));

    assertThat(above.error()).hasValue(0);
    assertThat(above.rawError()).hasValue(0.25);
    assertThat(error(Cases.ran("a", 125, MeasuredKind.ALLOCATED, CAP))).isEqualTo(-0.2);
  }

  @ParameterizedTest
  @CsvSource({"104,false", "105,false", "106,true", "50,false"})
  void a_peak_that_is_undercut_by_more_than_a_twentieth_is_a_false_fit(
      long peak, boolean expected) {
    assertThat(evaluator(Cases.ran("a", peak, MeasuredKind.ALLOCATED, "")).falseFit())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"129,false", "130,true", "200,true"})
  void a_run_out_of_memory_that_is_said_to_fit_is_a_false_fit(long capacity, boolean expected) {
    CaseResult result = evaluator(Cases.outOfMemory("a", capacity));

    assertThat(result.falseFit()).isEqualTo(expected);
    assertThat(result.error()).isEmpty();
    assertThat(result.rawError()).isEmpty();
    assertThat(result.estimatedBytes()).hasValue(130);
    assertThat(result.isSupported()).isTrue();
  }

  @Test
  void phases_that_are_stated_are_compared() {
    Map<MeasuredPhase, Double> errors = evaluator(exact(9, 3)).phaseErrors();

    assertThat(errors).containsOnlyKeys(MeasuredPhase.AFTER_LOAD, MeasuredPhase.PEAK_STEP);
    assertThat(errors.get(MeasuredPhase.AFTER_LOAD)).isEqualTo(0);
    assertThat(errors.get(MeasuredPhase.PEAK_STEP)).isCloseTo(-0.2, within(1e-12));
  }

  @Test
  void counts_of_parameters_are_right_or_wrong() {
    assertThat(evaluator(exact(9, 3)).parametersRight()).contains(true);
    assertThat(evaluator(exact(8, 3)).parametersRight()).contains(false);
    assertThat(evaluator(exact(9, 4)).parametersRight()).contains(false);
    assertThat(evaluator(Cases.ran("a", 5, MeasuredKind.DEVICE, "")).parametersRight()).isEmpty();
  }

  private static Case exact(long total, long trainable) {
    Measured measured =
        new Measured(
            OptionalLong.of(100),
            MeasuredKind.ALLOCATED,
            Status.OK,
            Quality.EXACT,
            Map.of("after_load", 50L, "peak_step", 100L, "no_such_phase", 1L),
            OptionalLong.of(total),
            OptionalLong.of(trainable),
            Measured.Speed.NONE);
    return new Case("a", "s", Cases.job(), measured, "");
  }

  private static double error(Case c) {
    return evaluator(c).error().getAsDouble();
  }

  private static CaseResult evaluator(Case c) {
    return CaseComparison.of(c, CaseLabels.of(c), PREDICTION);
  }
}
