package dev.vramcast.formats.training.openinstruct;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenInstructReaderTest {

  @Test
  void options_are_read_behind_the_launcher_that_takes_a_command() {
    Reading reading = ofSample("openinstruct/grpo.sh");

    assertThat(reading.format()).isEqualTo(FormatName.OPEN_INSTRUCT);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("objective.stage", "grpo")
        .containsEntry("objective.reference", "none")
        .containsEntry("batch.sequence_length", 6144)
        .containsEntry("objective.completion_length", 4096)
        .containsEntry("parallelism.strategy", "zero3")
        .containsEntry("hardware.count", 8)
        .containsEntry("hardware.nodes", 2)
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 96)
        .containsEntry("batch.padding", "packed")
        .containsEntry("generation.group_size", 16)
        .containsEntry("generation.gpus", 8)
        .containsEntry("checkpointing", "full");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void other_second_shards_and_olmo_core_are_not_modelled() {
    String command = "python open_instruct/grpo_fast.py --model_name_or_path Qwen/Qwen2.5-7B";

    assertThat(of("a.sh", command + " --deepspeed_stage 3").notModelled()).isEmpty();
    assertThat(of("a.sh", command + " --deepspeed_stage 3 --deepspeed_zpg 1").notModelled())
        .isPresent();
    assertThat(of("a.sh", command).notModelled()).isPresent();
    assertThat(of("a.sh", command.replace("grpo_fast", "grpo")).notModelled()).isPresent();
  }

  @Test
  void a_module_that_launches_is_not_the_program() {
    Reading reading =
        of(
            "a.sh",
            "uv run python -m accelerate.commands.launch --mixed_precision bf16 --num_processes 2"
                + " open_instruct/dpo_tune_cache.py --model_name_or_path Qwen/Qwen3-0.6B"
                + " --max_seq_length 1024 --per_device_train_batch_size 4");

    assertThat(values(reading))
        .containsEntry("hardware.count", 2)
        .containsEntry("objective.stage", "dpo")
        .containsEntry("batch.micro_batch", 4);
  }

  @Test
  void its_launcher_starts_as_many_processes_on_each_machine() {
    Reading reading =
        of(
            "a.sh",
            "python mason.py --num_nodes 4 --gpus 8 -- accelerate launch --use_deepspeed"
                + " --num_processes 8 --deepspeed_config_file ds/stage3_no_offloading.conf"
                + " open_instruct/finetune.py --model_name_or_path Qwen/Qwen2.5-7B"
                + " --max_seq_length 4096 --per_device_train_batch_size 1");

    assertThat(values(reading))
        .containsEntry("hardware.count", 32)
        .containsEntry("hardware.nodes", 4)
        .containsEntry("parallelism.strategy", "zero3")
        .doesNotContainKey("parallelism.offload");
  }

  @Test
  void a_preference_file_has_its_reference_computed_before() {
    Reading reading = ofSample("openinstruct/dpo.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.OPEN_INSTRUCT);
    assertThat(values(reading))
        .containsEntry("method", "full")
        .containsEntry("objective.stage", "dpo")
        .containsEntry("objective.reference", "precomputed")
        .containsEntry("objective.loss_type", List.of("sigmoid_norm"))
        .containsEntry("objective.beta", 5L)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("batch.grad_accum", 16);
  }

  @Test
  void simpo_is_a_stage_without_a_reference() {
    String yaml = Readings.sample("openinstruct/dpo.yaml").replace("dpo_norm", "simpo");

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("objective.stage", "cpo")
        .doesNotContainKey("objective.reference");
  }

  @Test
  void a_value_model_beside_is_no_grpo() {
    String options =
        " --model_name_or_path Qwen/Qwen2.5-7B --num_unique_prompts_rollout 16"
            + " --num_samples_per_prompt_rollout 4 --per_device_train_batch_size 1"
            + " --num_learners_per_node 1 --deepspeed_stage 3";

    assertThat(of("ppo.sh", "python open_instruct/ppo_fast.py" + options).notModelled())
        .get()
        .asString()
        .contains("ppo_fast");
    assertThat(of("grpo.sh", "python open_instruct/grpo_fast.py" + options).notModelled())
        .isEmpty();
  }
}
