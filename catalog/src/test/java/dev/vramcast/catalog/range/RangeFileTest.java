package dev.vramcast.catalog.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.range.Era;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.ModelKind;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunError;
import dev.vramcast.core.range.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeFileTest {

  @Test
  void what_is_written_is_read_again() {
    JobKind kind =
        new JobKind("trl", ModelKind.MOE, Spread.FSDP, Stage.DPO, Optional.of(Era.SINCE_5));
    List<RunError> rows =
        List.of(
            new RunError(Figure.DEVICE, kind, "a lab", 1.25, false, 3),
            new RunError(Figure.DEVICE, kind, "a lab", 1.5, true, 2),
            new RunError(Figure.HELD, kind.ofUnknownAge(), "a lab", 1.5, true, 1));

    String text = RangeFile.text(new RangeTable(rows, 2.5), List.of("made by hand"));
    RangeTable read = RangeFile.parse(text.lines().toList());

    assertThat(text).startsWith("# made by hand\nshrinkage\t2.5\nfigure\t");
    assertThat(text).contains("\ta lab\t1.250000*3 >1.500000*2\n");
    assertThat(read.rows()).isEqualTo(rows);
    assertThat(read.shrinkage()).isEqualTo(2.5);
  }

  @Test
  void a_ratio_is_read_as_the_double_that_java_reads() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double ratio = Math.exp(random.nextDouble(-13, 13));
      String text = String.format(Locale.ROOT, "%." + random.nextInt(1, 9) + "f", ratio);

      assertThat(RangeRows.ratio(text)).as(text).isEqualTo(Double.parseDouble(text));
    }
    assertThat(RangeRows.ratio("1e3")).isEqualTo(1000);
    assertThatThrownBy(() -> RangeRows.ratio("1x.000000"))
        .isInstanceOf(NumberFormatException.class);
  }

  @Test
  void a_line_that_is_no_error_is_refused() {
    List<String> head = RangeFile.text(new RangeTable(List.of(), 1), List.of()).lines().toList();

    assertThatThrownBy(() -> RangeFile.parse(List.of(head.get(0), head.get(1), "device\tany")))
        .hasMessageContaining("errors have 2 cells, not 8");
    assertThatThrownBy(
            () ->
                RangeFile.parse(
                    List.of(head.get(0), head.get(1), "device\ttrl\tmoe\tmoon\tsft\t-\ts\t1.0")))
        .hasMessageContaining("moon");
    assertThatThrownBy(() -> RangeFile.parse(List.of(head.get(1))))
        .hasMessageContaining("no shrinkage");
  }

  @ParameterizedTest
  @EnumSource(
      value = Figure.class,
      names = {"ALLOCATED", "RESERVED", "DEVICE"})
  void every_kind_of_job_has_a_range(Figure figure) {
    for (Spread spread : Spread.values()) {
      for (ModelKind model : ModelKind.values()) {
        for (String framework : List.of("transformers", "litgpt", "nobody-s")) {
          JobKind kind = new JobKind(framework, model, spread, Stage.SFT, Optional.empty());
          assertThat(RangeFile.embedded().find(figure, kind)).isPresent();
        }
      }
    }
  }

  /** Runs of it were met, so its range is narrower than that of a framework nobody has run. */
  @ParameterizedTest
  @ValueSource(strings = {"transformers", "trl", "peft"})
  void a_framework_that_was_met_has_a_narrower_range_than_one_that_was_not(String framework) {
    JobKind met =
        new JobKind(framework, ModelKind.DENSE, Spread.ONE_GPU, Stage.SFT, Optional.empty());
    JobKind unknown =
        new JobKind("nobody-s", ModelKind.DENSE, Spread.ONE_GPU, Stage.SFT, Optional.empty());

    for (Figure figure : List.of(Figure.ALLOCATED, Figure.RESERVED, Figure.DEVICE)) {
      assertThat(width(figure, met)).isLessThan(width(figure, unknown));
    }
  }

  private static double width(Figure figure, JobKind kind) {
    return RangeFile.embedded()
        .find(figure, kind)
        .map(row -> row.range().high() - row.range().low())
        .orElseThrow();
  }
}
