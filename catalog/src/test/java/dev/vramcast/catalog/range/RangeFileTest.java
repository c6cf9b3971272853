package dev.vramcast.catalog.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.range.Code;
import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.RangeKey;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.Spread;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RangeFileTest {

  private static final JobKind KIND = new JobKind(Spread.FSDP, Code.OWN);

  @Test
  void what_is_written_is_read_again() {
    List<RangeRow> rows =
        RangeKey.of(Figure.HELD, KIND).stream()
            .map(
                key ->
                    new RangeRow(
                        key, Optional.of("a lab"), 20, 4, new ErrorRange(0.75, 1.25), 30, 27))
            .toList();

    String text = RangeFile.text(new RangeTable(rows), List.of("made by hand"));

    assertThat(text).startsWith("# made by hand\nfigure\t");
    assertThat(RangeFile.parse(text.lines().toList()).rows()).isEqualTo(rows);
  }

  @Test
  void a_line_that_is_no_range_is_refused() {
    String header = RangeFile.text(new RangeTable(List.of()), List.of()).strip();

    assertThatThrownBy(() -> RangeFile.parse(List.of(header, "device\tany")))
        .hasMessageContaining("a range has 2 cells");
    assertThatThrownBy(
            () -> RangeFile.parse(List.of(header, "any\tmoon\tany\t-\t1\t1\t1.0\t1.0\t1\t1")))
        .hasMessageContaining("moon");
  }

  @ParameterizedTest
  @EnumSource(
      value = Figure.class,
      names = {"ALLOCATED", "HELD"})
  void every_kind_of_job_has_a_range(Figure figure) {
    for (Spread spread : Spread.values()) {
      for (Code code : Code.values()) {
        assertThat(RangeFile.embedded().find(figure, new JobKind(spread, code))).isPresent();
      }
    }
  }
}
