package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkout of verl has its own configuration, over which a command's values stand. */
class ForkTest {

  private static final String COMMAND =
      "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=Qwen/Qwen2.5-7B"
          + " actor_rollout_ref.rollout.n=8";

  private static final String EARLY =
      """
      data: {max_prompt_length: 300, max_response_length: 700, train_batch_size: 64}
      actor_rollout_ref:
        model: {path: ~/models/a, enable_gradient_checkpointing: False}
        actor: {ppo_mini_batch_size: 32, ppo_micro_batch_size_per_gpu: 2, use_kl_loss: False}
        rollout: {name: vllm, gpu_memory_utilization: 0.3, tensor_model_parallel_size: 1, n: 1}
      critic: {cliprange_value: 0.5}
      algorithm: {adv_estimator: grpo, kl_ctrl: {type: fixed, kl_coef: 0.002}}
      trainer: {nnodes: 1, n_gpus_per_node: 4}
      """;

  private static Reading read(String command, String path, String configuration) {
    return TrainingFiles.read(
        List.of(TrainingText.of(command, "run.sh")),
        Optional.empty(),
        asked ->
            asked.equals(path)
                ? Optional.of(TrainingText.of(configuration, "ppo_trainer.yaml"))
                : Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verl/trainer/config/ppo_trainer.yaml",
        "verl/verl/trainer/config/ppo_trainer.yaml"
      })
  void values_of_a_command_are_over_those_of_its_checkout(String path) {
    assertThat(values(read(COMMAND, path, EARLY)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("generation.group_size", 8)
        .containsEntry("objective.prompt_length", 300)
        .containsEntry("objective.completion_length", 700)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 32)
        .containsEntry("checkpointing", "none")
        .containsEntry("generation.memory_fraction", 0.3)
        .containsEntry("hardware.count", 4);
  }

  @Test
  void a_configuration_that_a_command_names_is_the_one() {
    String named = COMMAND + " --config-path=recipe/own --config-name=mine";

    assertThat(values(read(named, "recipe/own/mine.yaml", EARLY)))
        .containsEntry("objective.prompt_length", 300);
  }

  /** Until 0.3 no key asks for it. */
  @Test
  void an_early_one_always_has_a_reference() {
    String path = "verl/trainer/config/ppo_trainer.yaml";

    assertThat(values(read(COMMAND, path, EARLY)))
        .containsEntry("objective.reference", "copy")
        .containsEntry("objective.beta", 0.002);
    String later = EARLY.replace("algorithm: {", "algorithm: {use_kl_in_reward: False, ");
    assertThat(values(read(COMMAND, path, later))).containsEntry("objective.reference", "none");
  }

  @Test
  void one_that_others_are_put_into_is_left_alone() {
    String composed = EARLY + "defaults: [actor@actor_rollout_ref.actor: dp_actor, _self_]\n";

    assertThat(values(read(COMMAND, "verl/trainer/config/ppo_trainer.yaml", composed)))
        .doesNotContainKey("objective.prompt_length");
  }
}
