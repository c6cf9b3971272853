package dev.vramcast.core.step.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.resolve.Jobs;
import org.junit.jupiter.api.Test;

class VirtualStagesTest {

  private static VirtualStages stages(int layers, String flags) {
    String job = "--sequence-length 8 --strategy fsdp2 --framework nemo-automodel " + flags;
    return VirtualStages.of(layers, Jobs.resolve(job).job());
  }

  @Test
  void the_first_stages_have_the_layers_that_are_left_over() {
    assertThat(stages(30, "--count 4 --pipeline 4").layers()).containsExactly(8, 8, 7, 7);
  }

  /** DeepSeek-V3 in AutoModel's recipes: 31 stages of 2 layers, which become 28 or 32. */
  @Test
  void stages_are_rounded_to_what_the_ranks_divide() {
    String flags =
        "--count 4 --pipeline 4 --layers-per-stage 2 --pipeline-schedule interleaved-1f1b";

    assertThat(stages(61, flags + " --stage-rounding down").count()).isEqualTo(28);
    assertThat(stages(61, flags + " --stage-rounding up").count()).isEqualTo(32);
    assertThat(stages(61, flags + " --stage-rounding down").layers())
        .startsWith(3, 3, 3, 3, 3, 2)
        .endsWith(2, 2);
    assertThatThrownBy(() -> stages(61, flags))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("31 stages");
  }

  @Test
  void stages_go_around_the_ranks() {
    String flags = "--count 2 --pipeline 2 --pipeline-schedule interleaved-1f1b";

    assertThat(stages(8, flags).of(1)).containsExactly(1, 3);
    assertThat(stages(8, flags).before(3)).isEqualTo(6);
  }

  /** torchtitan counts the embedding and the head as a layer each. */
  @Test
  void ends_of_the_model_count_as_layers_where_the_framework_does_so() {
    String job = "--sequence-length 8 --framework torchtitan --count 4 --pipeline 4";

    assertThat(VirtualStages.of(32, Jobs.resolve(job).job()).layers()).containsExactly(8, 9, 8, 7);
  }

  @Test
  void a_schedule_of_one_stage_a_rank_takes_no_more() {
    assertThatThrownBy(
            () -> stages(8, "--count 2 --pipeline 2 --layers-per-stage 2 --pipeline-schedule 1f1b"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("interleaved-1f1b, looped-bfs");
    assertThatThrownBy(
            () ->
                stages(
                    8,
                    "--count 2 --pipeline 2 --layers-per-stage 2,2,2,2 --pipeline-schedule 1f1b"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("interleaved-1f1b, looped-bfs");
  }

  @Test
  void a_stage_has_a_layer() {
    assertThatThrownBy(() -> stages(8, "--count 2 --pipeline 2 --layers-per-stage 0"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least 1");
  }

  @Test
  void more_stages_than_layers_are_refused() {
    assertThatThrownBy(() -> stages(3, "--count 4 --pipeline 4"))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> stages(8, "--count 50000 --pipeline 50000 --virtual-pipeline 10000"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("parallelism.virtual_pipeline is 10000, which makes 500000000");
  }
}
