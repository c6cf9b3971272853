package dev.vramcast.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunTest {

  private static final long MIB = 1 << 20;

  @Test
  void of_two_peaks_of_one_figure_the_higher_counts() {
    Run run =
        Run.together(
            List.of(
                run("a", Map.of(RunFigure.ALLOCATED, 10 * MIB)),
                run("b", Map.of(RunFigure.ALLOCATED, 12 * MIB, RunFigure.RESERVED, 15 * MIB))));

    assertThat(run.sources()).containsExactly("a", "b");
    assertThat(run.figure(RunFigure.ALLOCATED).orElseThrow().source()).isEqualTo("b");
    assertThat(run.figure(RunFigure.RESERVED)).isPresent();
  }

  @Test
  void figures_that_contradict_each_other_are_refused() {
    Run wrong = run("a", Map.of(RunFigure.ALLOCATED, 20 * MIB, RunFigure.RESERVED, 15 * MIB));

    assertThatThrownBy(() -> Run.together(List.of(wrong)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the figures contradict each other: allocated is 20 MiB (a), but reserved, which counts"
                + " the same and more, is 15 MiB (a)");
  }

  @Test
  void a_reading_of_the_driver_may_have_missed_the_peak() {
    Run wrong = run("a", Map.of(RunFigure.RESERVED, 20 * MIB, RunFigure.DEVICE, 15 * MIB));

    assertThatThrownBy(() -> Run.together(List.of(wrong)))
        .hasMessageEndingWith("leave one of the two out");
  }

  @Test
  void digits_that_were_cut_are_no_contradiction() {
    Map<RunFigure, MeasuredBytes> figures =
        Map.of(
            RunFigure.ALLOCATED, new MeasuredBytes(20 * MIB, MIB, "a"),
            RunFigure.RESERVED, new MeasuredBytes(19 * MIB, MIB, "a"));

    assertThatCode(() -> Run.together(List.of(of("a", figures)))).doesNotThrowAnyException();
  }

  private static Run run(String source, Map<RunFigure, Long> bytes) {
    Map<RunFigure, MeasuredBytes> figures = new EnumMap<>(RunFigure.class);
    bytes.forEach((figure, value) -> figures.put(figure, new MeasuredBytes(value, 0, source)));
    return of(source, figures);
  }

  private static Run of(String source, Map<RunFigure, MeasuredBytes> figures) {
    return new Run(List.of(source), figures, Optional.empty(), Map.of(), RunFacts.NONE, List.of());
  }
}
