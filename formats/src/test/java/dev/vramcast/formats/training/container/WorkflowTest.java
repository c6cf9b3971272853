package dev.vramcast.formats.training.container;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static dev.vramcast.formats.training.container.TrainCommand.TRAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkflowTest {

  private static Map<String, Object> step(String more) {
    return values(
        of("a.yml", "on: push\njobs:\n  a:\n    env: {B: 2}\n    steps:\n      - " + more + "\n"));
  }

  @Test
  void a_step_has_inputs_variables_and_the_first_of_a_matrix() {
    Reading reading = ofSample("container/workflow.yaml");

    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("hardware.count", 2);
    assertThat(reading.document().place(JobKey.LORA_RANK).orElseThrow().text())
        .startsWith("workflow.yaml:33");
  }

  @Test
  void each_step_has_a_shell_and_variables_of_its_own() {
    assertThat(step("run: B=4\n      - run: " + TRAIN + "$B"))
        .containsEntry("batch.micro_batch", 2);
    assertThat(step("{env: {B: 8}, run: 'true'}\n      - run: " + TRAIN + "${{ env.B }}"))
        .containsEntry("batch.micro_batch", 2);
    assertThat(step("run: " + TRAIN + "${{ inputs.batch || '16' }}"))
        .containsEntry("batch.micro_batch", 16);
  }

  @Test
  void what_is_known_on_github_alone_is_filled_in_from_outside() {
    String step = "jobs: {a: {steps: [{run: '" + TRAIN + "${{ vars.batch }}'}]}}";

    assertThat(of("a.yml", step).unreadable().get(JobKey.MICRO_BATCH).refusal())
        .hasMessageContaining("${VARS_BATCH}");
  }

  @Test
  void a_composite_action_has_steps_too() {
    assertThat(
            values(
                of(
                    "action.yml",
                    "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: "
                        + TRAIN
                        + "2\n")))
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void one_that_trains_nothing_is_refused() {
    assertThatThrownBy(() -> step("run: pytest"))
        .hasMessageContaining("a.yml: carries no command with options that trains");
    assertThatThrownBy(() -> step("{shell: python, run: import x}"))
        .hasMessageContaining("carries no command");
  }
}
