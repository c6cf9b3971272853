package dev.vramcast.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.market.Purchase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotModelledRowTest {

  private final RowEstimator estimator =
      RowEstimator.open(new RowSettings(List.of(), Map.of(), Purchase.ON_DEMAND));

  @Test
  void a_row_that_no_figure_is_made_of_has_its_verdict_and_no_figure() {
    SweepResult row =
        estimator.estimate(
            Map.of(
                "model.id", "gpt2",
                "objective.stage", "masked-lm",
                "hardware.gpu", "L4",
                "data.tokens", "1e6"),
            Place.of("jobs.csv:2"));

    assertThat(row.value(Column.VERDICT)).isEqualTo("not modelled");
    assertThat(row.error())
        .contains("jobs.csv:2: objective.stage masked-lm of a gpt2 is not modelled yet");
    assertThat(row.reason()).contains("objective.stage masked-lm of a gpt2 is not modelled yet");
    assertThat(row.value(Column.OTHER_SETTINGS)).isEqualTo("objective.stage=masked-lm");
    assertThat(
            List.of(
                Column.ALLOCATED_BYTES,
                Column.NEEDED_BYTES,
                Column.TOKENS_PER_SECOND,
                Column.HOURS,
                Column.USD))
        .allSatisfy(figure -> assertThat(row.value(figure)).isNull());
  }

  @Test
  void a_row_that_cannot_be_read_has_no_verdict() {
    SweepResult row =
        estimator.estimate(
            Map.of("model.id", "gpt2", "objective.chosen_length", "8"), Place.of("jobs.csv:2"));

    assertThat(row.value(Column.VERDICT)).isNull();
    assertThat(row.error().orElseThrow())
        .contains("objective.chosen_length is 8, but objective.stage is sft");
  }
}
