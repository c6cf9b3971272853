package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.MeasuredKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailAboveTest {

  private static final String FLAG = "--fail-above";

  @Test
  void limits_are_read_in_their_order() {
    FailAbove limits = FailAbove.parse("median=0.01, p95 = .03,false_fits=0", Subject.option(FLAG));

    assertThat(limits.limits().toString()).isEqualTo("{median=0.01, p95=0.03, false_fits=0.0}");
  }

  @Test
  void every_figure_may_have_a_limit() {
    assertThat(FailAbove.names())
        .containsExactly("median", "p90", "p95", "max", "unsupported", "false_fits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "##               | is '', allowed: name=number",
        "median           | is 'median', allowed: name=number",
        "median=0.1,      | is '', allowed: name=number",
        "medain=0.1       | has 'medain', allowed: median, p90, p95, max",
        "p95=             | has 'p95=', allowed: a number from 0",
        "p95=3%           | has 'p95=3%', allowed: a number from 0",
        "p95=-1           | has 'p95=-1', allowed: a number from 0",
        "p95=NaN          | has 'p95=NaN', allowed: a number from 0",
        "p95=1e3          | has 'p95=1e3', allowed: a number from 0",
        "p95=0x1p3        | has 'p95=0x1p3', allowed: a number from 0",
        "p95=0.1,p95=0.2  | has p95 twice",
      })
  void a_limit_that_cannot_be_read_is_refused(String text, String message) {
    assertThatThrownBy(() -> FailAbove.parse(text, Subject.option(FLAG)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--fail-above")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void a_report_within_its_limits_breaks_none() {
    FailAbove limits =
        FailAbove.parse("median=0.2,max=0.2,unsupported=0.5,false_fits=1", Subject.option(FLAG));

    assertThat(limits.broken(report())).isEmpty();
  }

  @Test
  void each_limit_that_is_broken_is_told() {
    FailAbove limits =
        FailAbove.parse("median=0.05,unsupported=0.3,false_fits=0,max=1", Subject.option(FLAG));

    assertThat(limits.broken(report()))
        .containsExactly(
            "median is 0.2, above the limit of 0.05",
            "unsupported is 0.5, above the limit of 0.3",
            "false_fits is 1, above the limit of 0");
  }

  @Test
  void without_any_error_a_limit_on_errors_is_broken() {
    Report nothing = Report.of(List.of());

    assertThat(FailAbove.parse("median=0.05,unsupported=0", Subject.option(FLAG)).broken(nothing))
        .containsExactly("median has a limit of 0.05, but no case has an error");
  }

  /** One case undercut by a fifth, one that is not supported. */
  private static Report report() {
    Prediction prediction = new Prediction(100, 100, 100, Map.of(), 1, 1, 1, 0);
    Case ran = Cases.ran("a", 125, MeasuredKind.ALLOCATED, "");
    Case speed = Cases.throughput("b");
    return Report.of(
        List.of(
            CaseComparison.of(ran, CaseLabels.of(ran), prediction),
            CaseResult.unsupported(speed, CaseLabels.of(speed), "no")));
  }
}
