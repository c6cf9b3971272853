package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @ValueSource(strings = {" -cp own -cn mine", " -cp=own -cn=mine.yaml"})
  void options_of_hydra_have_short_names(String named) {
    assertThat(values(read(COMMAND + named, "verl/trainer/own/mine.yaml", EARLY)))
        .containsEntry("objective.prompt_length", 300);
  }

  @ParameterizedTest
  @CsvSource({
    "verl/trainer/main_ppo.py, verl/trainer",
    "./verl/trainer/main_ppo.py, verl/trainer",
    "my.fork/verl/trainer/main_ppo.py, my.fork/verl/trainer",
    "../verl/./trainer/../trainer/main_ppo.py, ../verl/trainer",
    "/opt/v0.3/verl/trainer/main_ppo.py, /opt/v0.3/verl/trainer",
    "-m fork.verl.trainer.main_ppo, fork/verl/trainer"
  })
  void a_program_has_its_configuration_beside_it(String program, String folder) {
    String command = COMMAND.replace("-m verl.trainer.main_ppo", program);

    assertThat(values(read(command, folder + "/config/ppo_trainer.yaml", EARLY)))
        .containsEntry("objective.prompt_length", 300);
  }

  @ParameterizedTest
  @CsvSource({
    "own, verl/trainer/own",
    "config, verl/trainer/config",
    "./config/own, verl/trainer/config/own",
    "../../recipe/own, recipe/own",
    "/opt/own, /opt/own"
  })
  void a_configuration_that_a_command_names_is_looked_for_beside_the_program(
      String named, String folder) {
    String command = COMMAND + " --config-path=" + named + " --config-name=mine";

    assertThat(values(read(command, folder + "/mine.yaml", EARLY)))
        .containsEntry("objective.prompt_length", 300);
  }

  @Test
  void one_that_is_named_and_not_there_is_said() {
    String named = COMMAND + " --config-path=own --config-name=mine";

    assertThat(of("run.sh", named).findings())
        .anySatisfy(
            finding ->
                assertThat(finding.message().toString())
                    .contains("config_name names verl/trainer/own/mine.yaml"));
    assertThat(keys(of("run.sh", named), FindingCode.NOT_COUNTED)).contains("config_name");
    Reading there = read(named, "verl/trainer/own/mine.yaml", EARLY);
    assertThat(keys(there, FindingCode.NOT_COUNTED)).doesNotContain("config_name");
    assertThat(keys(there, FindingCode.UNKNOWN_KEY)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " --config-path=config --config-name=ppo_trainer", " --config-path=./config"})
  void verl_s_own_is_not_missed(String options) {
    assertThat(keys(of("run.sh", COMMAND + options), FindingCode.NOT_COUNTED))
        .doesNotContain("config_name", "config_path");
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
