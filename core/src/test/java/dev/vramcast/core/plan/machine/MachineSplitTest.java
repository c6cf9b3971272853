package dev.vramcast.core.plan.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.plan.Markets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineSplitTest {

  private static final Gpu CARD = Markets.gpu("card", 24_000, "8.0", 300, "none");

  @Test
  void cards_that_one_machine_holds_are_left_in_it() {
    assertThat(MachineSplit.of(spread(8, 1), CARD, 8)).isEmpty();
  }

  @Test
  void machines_that_would_be_less_than_half_full_are_refused() {
    assertThatThrownBy(() -> MachineSplit.of(spread(9, 1), CARD, 8))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "usually holds at most 8 card, and several do not hold as many each of 9")
        .hasMessageContaining("nearest are 8 and 16");
  }

  @ParameterizedTest
  @CsvSource({"16, 1, 8, 2", "12, 1, 8, 2", "20, 1, 8, 4", "24, 8, 8, 3", "12, 4, 8, 3"})
  void the_fewest_machines_that_hold_as_many_each_are_taken(
      int gpus, int tensor, int most, int nodes) {
    MachineSplit split = MachineSplit.of(spread(gpus, tensor), CARD, most).orElseThrow();

    assertThat(split.nodes()).isEqualTo(nodes);
    assertThat(split.over(JobDocument.empty()).value(JobKey.NODES, Integer.class)).hasValue(nodes);
    assertThat(split.notice().toString())
        .startsWith(gpus + " card are taken as " + nodes)
        .contains("as " + nodes + " machines of " + gpus / nodes, "hardware.nodes says how many");
  }

  @Test
  void an_unsettled_job_that_several_machines_do_not_share_stays_in_one() {
    JobDocument nine = JobDocument.empty().withFlag(JobKey.GPU_COUNT, "9");
    MachineSplit split = MachineSplit.of(nine, CARD, 8).orElseThrow();

    assertThat(split.over(nine)).isEqualTo(nine);
    assertThat(split.notice().toString()).startsWith("9 card are taken to be in one machine");
    assertThat(MachineSplit.of(nine.withFlag(JobKey.NODES, "1"), CARD, 8)).isEmpty();
  }

  private static Parallelism spread(int gpus, int tensor) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.METHOD, "full")
            .withFlag(JobKey.SEQUENCE_LENGTH, "512")
            .withFlag(JobKey.GPU_COUNT, String.valueOf(gpus))
            .withFlag(JobKey.STRATEGY, "fsdp2")
            .withFlag(JobKey.TENSOR, String.valueOf(tensor));
    return JobResolver.resolve(document).job().parallelism();
  }
}
