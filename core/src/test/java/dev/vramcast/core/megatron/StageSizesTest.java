package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.resolve.Jobs;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageSizesTest {

  private static List<Integer> sizes(int layers, String flags) {
    String job = "--sequence-length 8 --strategy megatron " + flags;
    return StageSizes.of(layers, Jobs.resolve(job).job().parallelism());
  }

  @Test
  void stages_that_divide_the_layers_have_as_many_each() {
    assertThat(sizes(60, "--pipeline 4")).containsExactly(15, 15, 15, 15);
  }

  /** Qwen3-235B-A22B in Megatron-Bridge. */
  @Test
  void embedding_and_loss_count_as_layers_where_that_makes_stages_equal() {
    assertThat(sizes(94, "--pipeline 4")).containsExactly(23, 24, 24, 23);
  }

  /** DeepSeek-V3 in Megatron-Bridge. */
  @Test
  void the_last_stage_has_what_the_others_leave() {
    assertThat(sizes(61, "--pipeline 4")).containsExactly(16, 16, 16, 13);
    assertThat(sizes(61, "--pipeline 8")).containsExactly(8, 8, 8, 8, 8, 8, 8, 5);
  }

  @Test
  void a_job_may_say_how_many_each_stage_has() {
    assertThat(sizes(61, "--pipeline 4 --layers-per-stage 15,16,16,14"))
        .containsExactly(15, 16, 16, 14);
    assertThatThrownBy(() -> sizes(61, "--pipeline 4 --layers-per-stage 15,16,16,16"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("4 numbers whose sum is 61");
  }

  @Test
  void a_stage_without_layers_is_refused() {
    assertThatThrownBy(() -> sizes(5, "--pipeline 4")).isInstanceOf(InputException.class);
  }
}
