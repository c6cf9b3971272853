package dev.vramcast.formats.training.nemorl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NemoRlReaderTest {

  @Test
  void of_several_recipes_the_later_are_over_the_earlier() {
    Map<String, String> files =
        Map.of(
            "../base/sft.yaml",
            "sft: {}\npolicy:\n  model_name: a/b\n  train_micro_batch_size: 1\n"
                + "  train_global_batch_size: 8\n  max_total_sequence_length: 512\n",
            "../models/small.yaml",
            "policy: {model_name: a/c}\ndefaults: ../models/small.yaml\n");
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(
                    "defaults: [../base/sft.yaml, ../models/small.yaml, ../none.yaml]\n"
                        + "policy: {max_total_sequence_length: 1024}\n",
                    "config.yaml")),
            Optional.empty(),
            path -> Optional.ofNullable(files.get(path)).map(t -> TrainingText.of(t, path)));

    assertThat(values(reading))
        .containsEntry("model.id", "a/c")
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.sequence_length", 1024);
    assertThat(reading.findings())
        .anyMatch(found -> found.message().toString().contains("../none.yaml"));
  }

  @Test
  void adapters_of_megatron_are_those_of_the_layers_that_its_own_hold() {
    Reading reading =
        of(
            "sft.yaml",
            "sft: {}\ncluster: {gpus_per_node: 4}\npolicy:\n  model_name: a/b\n"
                + "  train_global_batch_size: 8\n  train_micro_batch_size: 1\n  megatron_cfg:\n"
                + "    enabled: true\n    peft: {enabled: true, dim: 8,"
                + " target_modules: [linear_qkv, linear_fc2, gate]}\n");

    assertThat(value(reading, JobKey.LORA_TARGETS))
        .hasToString("[q_proj, k_proj, v_proj, down_proj, gate]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          target_modules: []             | [all-linear]
          alpha: 16                      | [all-linear]
          target_modules: [linear_fc9]   | [linear_fc9]
          target_modules: [linear_fc1]   | [gate_proj, up_proj]
          """)
  void an_empty_list_of_megatron_is_all_linears(String key, String targets) {
    Reading reading =
        of(
            "sft.yaml",
            "sft: {}\ncluster: {gpus_per_node: 4}\npolicy:\n  model_name: a/b\n"
                + "  train_global_batch_size: 8\n  train_micro_batch_size: 1\n  megatron_cfg:\n"
                + "    enabled: true\n    peft: {enabled: true, dim: 8, "
                + key
                + "}\n");

    assertThat(value(reading, JobKey.LORA_TARGETS)).hasToString(targets);
    assertThat(reading.findings())
        .anyMatch(found -> found.message().toString().contains("one A matrix"));
  }

  private static Reading inherited(String recipe, Map<String, String> files) {
    return TrainingFiles.read(
        List.of(TrainingText.of(recipe, "config.yaml")),
        Optional.empty(),
        path -> Optional.ofNullable(files.get(path)).map(t -> TrainingText.of(t, path)));
  }

  private static final String WHOLE =
      "sft: {}\npolicy:\n  model_name: a/b\n  train_micro_batch_size: 4\n"
          + "  train_global_batch_size: 32\n  max_total_sequence_length: 512\n"
          + "  dtensor_cfg: {enabled: true, activation_checkpointing: true}\n";

  @Test
  void a_recipe_that_two_share_is_applied_for_each() {
    Reading reading =
        inherited(
            "defaults: [one.yaml, two.yaml]\npolicy: {precision: float32}\n",
            Map.of(
                "whole.yaml", WHOLE,
                "one.yaml", "defaults: whole.yaml\npolicy: {train_micro_batch_size: 32}\n",
                "two.yaml", "defaults: whole.yaml\npolicy: {max_total_sequence_length: 64}\n"));

    assertThat(values(reading))
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("batch.sequence_length", 64);
    assertThat(reading.document().entry(JobKey.MICRO_BATCH).orElseThrow().toString())
        .contains("whole.yaml");
  }

  @Test
  void an_override_takes_the_section_below_it_away() {
    Reading reading =
        inherited(
            "defaults: whole.yaml\npolicy: {_override_: true, model_name: a/c}\n",
            Map.of("whole.yaml", WHOLE));

    assertThat(values(reading))
        .containsEntry("model.id", "a/c")
        .doesNotContainKey("batch.sequence_length");
  }

  @Test
  void what_recipes_below_lack_and_what_is_too_much_is_told_of() {
    Reading lacking =
        inherited(
            "defaults: one.yaml\nsft: {}\npolicy: {model_name: a/b}\n",
            Map.of("one.yaml", "defaults: gone.yaml\npolicy: {train_micro_batch_size: 2}\n"));
    Reading many =
        inherited(
            "defaults: [" + "whole.yaml, ".repeat(101) + "last.yaml]\npolicy: {precision: x}\n",
            Map.of("whole.yaml", WHOLE, "last.yaml", WHOLE));

    assertThat(lacking.findings())
        .anyMatch(
            found ->
                found.file().equals("one.yaml")
                    && found.message().toString().contains("gone.yaml"));
    assertThat(many.findings())
        .anyMatch(found -> found.message().toString().contains("more than 100 files"));
  }

  @Test
  void two_backends_at_once_are_refused_by_nemo_rl() {
    Reading reading =
        of(
            "sft.yaml",
            "sft: {max_num_epochs: 1}\ncluster: {gpus_per_node: 4}\npolicy:\n  model_name: a/b\n"
                + "  train_global_batch_size: 8\n  train_micro_batch_size: 1\n"
                + "  dtensor_cfg: {enabled: true}\n  megatron_cfg: {enabled: true}\n");

    assertThat(value(reading, JobKey.STRATEGY)).isEqualTo("megatron");
    assertThat(reading.findings())
        .anyMatch(
            found ->
                found.code() == FindingCode.REFUSED
                    && found.key().equals("policy.dtensor_cfg.enabled"));
  }

  @Test
  void a_recipe_is_read_over_the_one_that_it_names() {
    Reading reading =
        Readings.ofScript(
            "nemorl/grpo.yaml", "../../grpo_math_1B.yaml", "nemorl/grpo_math_1B.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.NEMO_RL);
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Llama-3.1-8B-Instruct")
        .containsEntry("precision", "bf16-mixed")
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("objective.stage", "grpo")
        .containsEntry("objective.reference", "copy")
        .containsEntry("objective.beta", 0.01)
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("parallelism.tensor", 2)
        .containsEntry("checkpointing", "full")
        .containsEntry("hardware.count", 32)
        .containsEntry("hardware.nodes", 4)
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 32)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("generation.engine", "vllm-colocate")
        .containsEntry("generation.group_size", 32)
        .containsEntry("generation.steps_per_generation", 128)
        .containsEntry("generation.memory_fraction", 0.6);
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void a_recipe_that_is_not_there_is_said() {
    Reading reading = ofSample("nemorl/grpo.yaml");

    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED)).contains("defaults");
  }

  @Test
  void dpo_counts_pairs_and_megatron_its_ways() {
    Reading reading = ofSample("nemorl/dpo.yaml");

    assertThat(values(reading))
        .containsEntry("objective.stage", "dpo")
        .containsEntry("objective.reference", "copy")
        .containsEntry("objective.beta", 0.05)
        .containsEntry("parallelism.strategy", "megatron")
        .containsEntry("parallelism.tensor", 2)
        .containsEntry("parallelism.pipeline", 2)
        .containsEntry("parallelism.sequence_parallel", true)
        .containsEntry("batch.grad_accum", 32);
  }

  @Test
  void gpus_of_the_engine_do_not_train() {
    Reading reading =
        of(
            "a.yaml",
            Readings.sample("nemorl/grpo_math_1B.yaml")
                .replace(
                    "enabled: true\ncluster",
                    "enabled: false\n"
                        + "      resources: {gpus_per_node: 4, num_nodes: 1}\ncluster")
                .replace("gpus_per_node: 1", "gpus_per_node: 8"));

    assertThat(values(reading))
        .containsEntry("generation.engine", "vllm-server")
        .containsEntry("generation.gpus", 4)
        .containsEntry("hardware.count", 4);
  }

  @Test
  void machines_of_the_engine_are_none_of_those_that_train() {
    Reading reading =
        of(
            "a.yaml",
            Readings.sample("nemorl/grpo_math_1B.yaml")
                .replace(
                    "enabled: true\ncluster",
                    "enabled: false\n      resources: {gpus_per_node: 8, num_nodes: 1}\ncluster")
                .replace("gpus_per_node: 1", "gpus_per_node: 8")
                .replace("num_nodes: 1\n", "num_nodes: 3\n"));

    assertThat(values(reading))
        .containsEntry("generation.gpus", 8)
        .containsEntry("hardware.count", 16)
        .containsEntry("hardware.nodes", 2);
  }

  @ParameterizedTest
  @CsvSource({
    "../grpo_math_1B.yaml, grpo",
    "dapo-qwen2.5-7b.yaml, grpo",
    "../../dpo.yaml, dpo",
    "../sft.yaml, sft",
    "distillation_math.yaml, distillation"
  })
  void a_recipe_that_is_not_there_tells_its_stage_by_its_name(String defaults, String stage) {
    Reading reading = of("a.yaml", "defaults: " + defaults + "\nlogger: {log_dir: logs}\n");

    assertThat(reading.format()).isEqualTo(FormatName.NEMO_RL);
    assertThat(value(reading, JobKey.STAGE)).isEqualTo(stage);
  }

  @Test
  void a_draft_that_is_trained_beside_has_no_figure_and_a_narrow_engine_is_said() {
    String engine =
        Readings.sample("nemorl/grpo_math_1B.yaml")
            .replaceFirst("(?m)^( *)gpu_memory_utilization: .*$", "$0\n$1precision: fp8");
    assertThat(of("a.yaml", engine).findings())
        .anyMatch(finding -> finding.key().endsWith("vllm_cfg.precision"));
    String draft = engine.replaceFirst("(?m)^policy:$", "policy:\n  draft:\n    enabled: true");
    assertThat(of("a.yaml", draft).notModelled()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"'',", "'grad_reduce_in_fp32: false',", "'grad_reduce_in_fp32: true', fp32"})
  void gradients_of_megatron_are_fp32_where_a_recipe_says_so(String says, String dtype) {
    Reading reading = of("a.yaml", megatron("distributed_data_parallel_config: {" + says + "}"));

    assertThat(value(reading, JobKey.REDUCE_DTYPE)).isEqualTo(dtype);
  }

  @ParameterizedTest
  @CsvSource({"false, full, none", "true, full, full", "true, selective, selective"})
  void what_is_recomputed_counts_where_checkpoints_are_on(
      String on, String granularity, String counted) {
    Reading reading =
        of(
            "a.yaml",
            megatron(
                "activation_checkpointing: " + on + "\n    recompute_granularity: " + granularity));

    assertThat(value(reading, JobKey.CHECKPOINTING)).isEqualTo(counted);
    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false, 0"})
  void keys_of_a_section_that_is_off_count_for_nothing(boolean enabled, int said) {
    String section = "  dynamic_batching: {enabled: " + enabled + ", train_mb_tokens: 4096}\n";
    Reading reading = of("a.yaml", megatron("pipeline_dtype: bfloat16") + section);

    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED))
        .filteredOn(key -> key.endsWith("train_mb_tokens"))
        .hasSize(said);
  }

  private static String megatron(String setting) {
    return "grpo: {num_prompts_per_step: 8}\npolicy:\n  model_name: Qwen/Qwen3-8B\n"
        + "  train_micro_batch_size: 1\n  megatron_cfg:\n    enabled: true\n    "
        + setting
        + "\n";
  }
}
