package dev.vramcast.formats.training;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys below sections of which nothing but the name is known, and words for nothing. */
class PassedOverKeysTest {

  private static final String NEMO =
      """
      policy:
        model_name: Qwen/Qwen3-8B
        train_global_batch_size: 16
        train_micro_batch_size: 1
        max_total_sequence_length: 2048
        dtensor_cfg: {enabled: true}
      sft: {max_num_epochs: 1}
      cluster: {gpus_per_node: 8, num_nodes: 1}
      """;

  private static final String EASY =
      """
      data: {max_prompt_length: 512, max_response_length: 512, rollout_batch_size: 64, KEY}
      algorithm: {adv_estimator: grpo}
      worker:
        actor:
          global_batch_size: 16
          micro_batch_size_per_device_for_update: 1
          model: {model_path: Qwen/Qwen2.5-7B-Instruct}
        rollout: {n: 4}
      trainer: {n_gpus_per_node: 8, nnodes: 1, total_episodes: 3}
      """;

  @Test
  void one_that_tells_of_a_job_is_said_not_to_be_looked_at() {
    assertThat(keys(of("a.yaml", EASY.replace("KEY", "half_batch: 2")), FindingCode.NOT_FOLLOWED))
        .containsExactly("data.half_batch");
    for (String key : List.of("shuffle_rows: true", "half_batch: 0", "half_batch: null")) {
      assertThat(keys(of("a.yaml", EASY.replace("KEY", key)), FindingCode.NOT_FOLLOWED)).isEmpty();
    }
  }

  @Test
  void what_easyr1_called_its_epochs_before_is_known() {
    Reading reading = of("a.yaml", EASY.replace(", KEY", ""));

    assertThat(values(reading)).containsEntry("data.epochs", 3L);
    assertThat(keys(reading, FindingCode.RENAMED_KEY)).contains("trainer.total_episodes");
  }

  @Test
  void modules_without_adapters_are_said_to_be_counted_with_them() {
    String adapters = "{enabled: true, lora_cfg: {enabled: true, dim: 8, exclude_modules: ['x']}}";
    Reading reading = of("a.yaml", NEMO.replace("{enabled: true}", adapters));

    assertThat(keys(reading, FindingCode.NOT_COUNTED))
        .contains("policy.dtensor_cfg.lora_cfg.exclude_modules");
  }

  @Test
  void copies_of_the_shards_and_the_first_worker_of_nemo_rl_are_read() {
    assertThat(
            values(
                of(
                    "a.yaml",
                    NEMO.replace("{enabled: true}", "{enabled: true, dp_replicate_size: 2}"))))
        .containsEntry("parallelism.replicate", 2);
    String first = "  fsdp_offload_enabled: true\n  activation_checkpointing_enabled: true\n";
    String before = NEMO.replace("  dtensor_cfg", first + "  dtensor_cfg");
    assertThat(values(of("a.yaml", before.replace("{enabled: true}", "{enabled: false}"))))
        .containsEntry("checkpointing", "full")
        .containsEntry("parallelism.offload", List.of("parameters", "optimizer"));
    assertThat(values(of("a.yaml", before)))
        .doesNotContainKeys("checkpointing", "parallelism.offload");
  }

  @Test
  void nothing_is_a_word_for_what_torchtitan_recomputes() {
    String toml =
        """
        [model]
        name = "llama3"
        flavor = "8B"
        [training]
        local_batch_size = 3
        [activation_checkpoint]
        mode = "%s"
        """;

    assertThat(values(of("a.toml", toml.formatted("none")))).containsEntry("checkpointing", "none");
    assertThat(values(of("a.toml", toml.formatted("full")))).containsEntry("checkpointing", "full");
  }

  @Test
  void torchtune_trains_nothing_without_an_optimizer() {
    String recipe =
        """
        # tune run lora_dpo_single_device --config llama2/7B_lora_dpo_single_device
        model: {_component_: torchtune.models.llama2.lora_llama2_7b, lora_rank: 8}
        tokenizer: {_component_: torchtune.models.llama2.llama2_tokenizer, max_seq_len: 1024}
        loss: {_component_: torchtune.modules.loss.DPOLoss}
        batch_size: 16
        """;

    assertThat(of("eval.yaml", recipe).unreadable()).isNotEmpty();
    String trains = recipe + "optimizer: {_component_: torch.optim.AdamW}\nepochs: 1\n";
    assertThat(of("train.yaml", trains).unreadable()).isEmpty();
  }
}
