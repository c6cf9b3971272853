package dev.vramcast.formats.training.easyr1;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;

class EasyR1ReaderTest {

  @Test
  void a_vision_tower_that_is_frozen_has_no_gradients() {
    Reading reading =
        of(
            "run.sh",
            "python3 -m verl.trainer.main worker.actor.model.model_path=a/b"
                + " worker.actor.model.freeze_vision_tower=True worker.actor.global_batch_size=8");

    assertThat(values(reading).get("frozen")).hasToString("[towers, projectors]");
  }

  @Test
  void a_critic_that_is_not_made_is_not_spoken_of() {
    String command =
        "python3 -m verl.trainer.main worker.actor.model.model_path=a/b"
            + " worker.actor.global_batch_size=8"
            + " worker.critic.micro_batch_size_per_device_for_update=4 algorithm.adv_estimator=";

    assertThat(of("run.sh", command + "grpo").findings())
        .noneMatch(finding -> finding.key().contains("critic"));
    assertThat(of("run.sh", command + "gae").findings())
        .anyMatch(finding -> finding.key().contains("critic"));
  }

  @Test
  void gradients_are_reduced_in_the_dtype_that_is_named() {
    String command =
        "python3 -m verl.trainer.main worker.actor.model.model_path=a/b"
            + " worker.actor.fsdp.mp_reduce_dtype=bf16";

    assertThat(values(of("run.sh", command))).containsEntry("parallelism.reduce_dtype", "bf16");
  }

  @Test
  void a_file_is_read_key_by_key() {
    Reading reading = ofSample("easyr1/config.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.EASYR1);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B-Instruct")
        .containsEntry("model.dtype", "bf16")
        .containsEntry("method", "full")
        .containsEntry("objective.stage", "grpo")
        .containsEntry("objective.reference", "copy")
        .containsEntry("objective.reference_dtype", "bf16")
        .containsEntry("objective.beta", 0.01)
        .containsEntry("objective.prompt_length", 2048)
        .containsEntry("objective.completion_length", 2048)
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("optimizer.state_dtype", "bf16")
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("batch.grad_accum", 20)
        .containsEntry("batch.padding", "packed")
        .containsEntry("hardware.count", 8)
        .containsEntry("generation.group_size", 5)
        .containsEntry("generation.steps_per_generation", 80)
        .containsEntry("generation.sleep", 1)
        .containsEntry("generation.offload_while_generating", List.of("parameters", "optimizer"));
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void a_command_is_read_over_the_file_that_it_names() {
    Reading reading =
        Readings.ofScript("easyr1/math.sh", "examples/config.yaml", "easyr1/config.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.EASYR1);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-VL-7B-Instruct")
        .containsEntry("hardware.count", 4)
        .containsEntry("generation.group_size", 8)
        .containsEntry("objective.prompt_length", 2048);
  }

  @Test
  void ways_of_ulysses_are_read_by_their_older_name_too() {
    String file = "worker: {actor: {model: {model_path: a}, %s: 2}, rollout: {n: 5}}\n";

    assertThat(values(of("a.yaml", file.formatted("ulysses_sequence_parallel_size"))))
        .isEqualTo(values(of("a.yaml", file.formatted("ulysses_size"))))
        .containsEntry("parallelism.context", 2);
  }

  @Test
  void a_command_without_its_file_is_refused() {
    assertThatThrownBy(() -> ofSample("easyr1/math.sh"))
        .hasMessageContaining("math.sh:4:1: trains by examples/config.yaml");
  }
}
