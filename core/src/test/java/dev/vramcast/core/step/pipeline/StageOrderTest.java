package dev.vramcast.core.step.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.option.layer.PipelineSchedule;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The orders in the resource are those that PyTorch 2.13's schedules make for themselves. */
class StageOrderTest {

  @ParameterizedTest
  @CsvFileSource(resources = "orders.tsv", delimiter = '\t', numLinesToSkip = 1)
  void a_rank_runs_passes_in_the_order_of_pytorchs_schedule(
      String schedule, int rank, int ranks, int chunks, int microBatches, String passes) {
    PipelineSchedule named =
        Arrays.stream(PipelineSchedule.values())
            .filter(each -> each.label().equals(schedule))
            .findFirst()
            .orElseThrow();

    assertThat(
            StageOrder.of(named, rank, ranks, chunks, microBatches).stream()
                .map(action -> action.chunk() + (action.forward() ? "F" : "B"))
                .collect(Collectors.joining(" ")))
        .isEqualTo(passes);
  }
}
