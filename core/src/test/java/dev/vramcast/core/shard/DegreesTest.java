package dev.vramcast.core.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;

class DegreesTest {

  private static final Linear LINEAR = new Linear("up_proj", 1024, 4096, true);

  @Test
  void a_share_is_what_division_leaves() {
    assertThat(Degrees.share(32, 8, JobKey.TENSOR, "attention heads")).isEqualTo(4);
    assertThat(Degrees.share(1L << 40, 2, JobKey.TENSOR, "bytes")).isEqualTo(1L << 39);
  }

  @Test
  void what_does_not_divide_is_refused_with_what_does() {
    assertThatThrownBy(() -> Degrees.share(12, 8, JobKey.TENSOR, "attention heads"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "parallelism.tensor is 8, which does not divide the model's 12 attention heads,"
                + " allowed: 1, 2, 3, 4, 6, 12");
  }

  @Test
  void no_more_than_64_ranks_are_offered() {
    assertThatThrownBy(() -> Degrees.share(128, 3, JobKey.TENSOR, "attention heads"))
        .hasMessageEndingWith("allowed: 1, 2, 4, 8, 16, 32, 64");
  }

  @Test
  void column_parallel_divides_outputs_and_row_parallel_inputs() {
    assertThat(Degrees.columns(LINEAR, 4)).isEqualTo(new Linear("up_proj", 1024, 1024, true));
    assertThat(Degrees.rows(LINEAR, 4)).isEqualTo(new Linear("up_proj", 256, 4096, true));
  }
}
