package dev.vramcast.formats.training.automodel;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.sample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutomodelReaderTest {

  private static final String PEFT = "automodel/peft.yaml";

  @Test
  void a_strategy_that_is_not_described_is_said() {
    String yaml =
        """
        step_scheduler: {local_batch_size: 1}
        model:
          _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained
          pretrained_model_name_or_path: a/b
        distributed: {strategy: fsdp2}
        """;

    assertThat(of("a.yaml", yaml).notModelled()).isEmpty();
    Gap gap = of("a.yaml", yaml.replace("fsdp2", "megatron_fsdp")).notModelled().orElseThrow();
    assertThat(gap.place().orElseThrow().toString()).contains("distributed.strategy");
  }

  /** As of examples/speculative/eagle3, which has no scheduler of steps. */
  @Test
  void a_recipe_that_trains_a_drafter_is_known_and_not_modelled() {
    String yaml =
        """
        recipe: TrainEagle3Recipe
        dist_env: {backend: nccl}
        recipe_args:
          target_model_name_or_path: meta-llama/Llama-3.1-8B-Instruct
          draft_num_hidden_layers: 1
          seq_length: 2048
        optimizer: {lr: 1.0e-4}
        """;
    Reading reading = of("a.yaml", yaml);

    assertThat(reading.format()).isEqualTo(FormatName.NEMO_AUTOMODEL);
    assertThat(values(reading)).doesNotContainKey("model.id");
    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageStartingWith("stage TrainEagle3Recipe (which passes its trainer runs");
  }

  @Test
  void a_recipe_is_read_key_by_key() {
    Reading reading = ofSample(PEFT);

    assertThat(reading.format()).isEqualTo(FormatName.NEMO_AUTOMODEL);
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Llama-3.2-1B")
        .containsEntry("model.dtype", "bf16")
        .containsEntry("precision", "bf16")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("batch.padding", "packed")
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("parallelism.tensor", 2)
        .containsEntry("checkpointing", "full")
        .containsEntry("loss", "cce")
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("hardware.count", 8)
        .containsEntry("data.epochs", 1L);
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void what_makes_another_model_of_the_one_that_it_is_told_of_is_not_modelled() {
    String target = "nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained";
    String yaml = sample(PEFT);

    assertThat(yaml).contains(target);
    assertThat(of("a.yaml", yaml).notModelled()).isEmpty();
    assertThat(of("a.yaml", yaml.replace(target, "some.WithDrafter.from_pretrained")).notModelled())
        .isPresent();
  }

  /** As of AutoModel's examples/llm_benchmark/glm/glm_4.7_flash_mok_4gpu.yaml. */
  @Test
  void a_configuration_that_stands_in_the_file_is_that_of_the_model() {
    String yaml =
        """
        step_scheduler: {global_batch_size: 8, local_batch_size: 4}
        model:
          _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_config
          config:
            _target_: transformers.models.qwen3_moe.configuration_qwen3_moe.Qwen3MoeConfig
            hidden_size: 2048
            num_experts: 4
            norm_topk_prob: false
        """;

    assertThat(of("a.yaml", yaml).document().modelConfig().orElseThrow())
        .containsEntry("model_type", "qwen3_moe")
        .containsEntry("norm_topk_prob", false)
        .containsKeys("hidden_size", "num_experts")
        .doesNotContainKey("_target_");
  }

  @Test
  void without_adapters_all_weights_are_trained() {
    String yaml = sample(PEFT).replaceAll("(?s)peft:.*?distributed:", "distributed:");

    assertThat(values(of("a.yaml", yaml))).containsEntry("method", "full");
  }

  @Test
  void moments_of_transformer_engines_adam_are_fp32_unless_it_is_told() {
    String yaml =
        sample(PEFT)
            .replaceFirst(
                "_target_: \\S*Adam\\S*",
                "_target_: transformer_engine.pytorch.optimizers.FusedAdam\n"
                    + "  master_weights: true");

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("optimizer.state_dtype", "fp32")
        .containsEntry("master_weights", true);
    assertThat(
            values(of("a.yaml", yaml.replace("master", "exp_avg_dtype: torch.bfloat16\n  master"))))
        .containsEntry("optimizer.state_dtype", "bf16");
  }

  @Test
  void a_pipeline_takes_micro_batches_of_its_own_size() {
    String yaml =
        sample(PEFT)
            .replace("local_batch_size: 2", "local_batch_size: 8")
            .replace("  cp_size: 1\n", "  pp_size: 2\n  pipeline:\n    pp_microbatch_size: 1\n");

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 32)
        .containsEntry("parallelism.reshard_after_forward", false);
    assertThat(of("a.yaml", yaml).findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void a_pipeline_cuts_a_local_batch_into_single_rows_where_nothing_is_said() {
    String yaml =
        sample(PEFT)
            .replace("local_batch_size: 2", "local_batch_size: 8")
            .replace("  cp_size: 1\n", "  pp_size: 2\n  pipeline:\n    layers_per_stage: 2\n");

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("parallelism.pipeline_micro_batches", 8)
        .containsEntry("parallelism.layers_per_stage", List.of(2));
  }

  @Test
  void a_pipelines_schedule_and_the_rounding_of_its_stages_are_read() {
    String pipeline =
        "  pp_size: 2\n  pipeline:\n    pp_schedule: Interleaved1F1B\n"
            + "    layers_per_stage: 3\n    round_virtual_stages_to_pp_multiple: down\n";
    String yaml =
        sample(PEFT)
            .replace("local_batch_size: 2", "local_batch_size: 8")
            .replace("  cp_size: 1\n", pipeline);

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("parallelism.pipeline_schedule", "interleaved-1f1b")
        .containsEntry("parallelism.stage_rounding", "down");
    String bubbles = yaml.replace("Interleaved1F1B", "ZBVZeroBubble");
    assertThatThrownBy(() -> of("a.yaml", bubbles).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
    String steps = yaml.replace("pp_schedule: Interleaved1F1B", "pp_schedule_csv: steps.csv");
    assertThatThrownBy(() -> of("a.yaml", steps).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
    String unknown = yaml.replace("Interleaved1F1B", "2F2B");
    assertThatThrownBy(() -> of("a.yaml", unknown).under(JobDocument.empty()))
        .hasMessageContaining("1F1B, Interleaved1F1B, GPipe, LoopedBFS");
  }

  @Test
  void a_local_batch_has_a_micro_batch_for_each_stage() {
    String yaml =
        sample(PEFT)
            .replace("  cp_size: 1\n", "  pp_size: 2\n  pipeline:\n    pp_microbatch_size: 2\n");

    assertThat(of("a.yaml", yaml).findings())
        .anyMatch(
            finding ->
                finding.code() == FindingCode.REFUSED
                    && finding.key().equals("step_scheduler.local_batch_size"));
  }

  @Test
  void flash_adamw_is_read_with_the_bits_of_its_master_weights() {
    String flash = sample(PEFT).replace("torch.optim.AdamW", "flashoptim.FlashAdamW");

    assertThat(values(of("a.yaml", flash)))
        .containsEntry("optimizer.name", "flash-adamw")
        .doesNotContainKey("master_weights");
    String wide = flash.replace("FlashAdamW", "FlashAdamW\n  master_weight_bits: 32");
    assertThat(values(of("a.yaml", wide))).containsEntry("master_weights", true);
    String bad = flash.replace("FlashAdamW", "FlashAdamW\n  master_weight_bits: 16");
    assertThatThrownBy(() -> of("a.yaml", bad).under(JobDocument.empty()))
        .hasMessageContaining("24, 32, null");
    String none = flash.replace("FlashAdamW", "FlashAdamW\n  master_weight_bits: null");
    assertThatThrownBy(() -> of("a.yaml", none).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void targets_by_the_end_of_their_names_are_all_linear_layers_which_is_said() {
    String yaml = sample(PEFT).replace("['*q_proj', '*.v_proj']", "'*_proj'");

    Reading reading = of("a.yaml", yaml);

    assertThat(values(reading)).containsEntry("lora.targets", List.of("all-linear"));
    assertThat(reading.findings()).anyMatch(finding -> finding.key().equals("peft.target_modules"));
  }

  @Test
  void a_model_of_other_sizes_than_the_published_one_is_refused() {
    String yaml =
        sample(PEFT)
            .replace(
                "  pretrained_model_name_or_path: meta-llama/Llama-3.2-1B",
                "  config:\n    pretrained_model_name_or_path: a/b\n    num_hidden_layers: 2");

    assertThatThrownBy(() -> of("a.yaml", yaml).under(JobDocument.empty()))
        .hasMessageContaining("num_hidden_layers");
  }

  @Test
  void recipes_of_other_trainers_are_not_modelled() {
    String yaml =
        sample(PEFT).replace("TrainFinetuneRecipeForNextTokenPrediction", "TrainBiEncoderRecipe");

    assertThatThrownBy(() -> of("a.yaml", yaml).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void a_student_that_torchs_optimizer_trains_whole_is_kept_in_fp32_beside_its_teacher() {
    String yaml =
        """
        recipe: KnowledgeDistillationRecipeForNextTokenPrediction
        step_scheduler: {global_batch_size: 8, local_batch_size: 1}
        model:
          _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained
          pretrained_model_name_or_path: meta-llama/Llama-3.2-1B
        teacher_model:
          _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained
          pretrained_model_name_or_path: meta-llama/Llama-3.2-3B
          torch_dtype: bf16
        distributed: {strategy: fsdp2}
        kd_loss_fn: {_target_: nemo_automodel.components.loss.kd_loss.KDLoss}
        optimizer: {_target_: torch.optim.AdamW}
        """;
    Reading reading = of("kd.yaml", yaml);

    assertThat(values(reading))
        .containsEntry("objective.stage", "distillation")
        .containsEntry("objective.teacher", "meta-llama/Llama-3.2-3B")
        .containsEntry("objective.teacher_dtype", "bf16")
        .containsEntry("model.dtype", "fp32")
        .containsEntry("precision", "bf16-mixed");
    assertThat(reading.notModelled()).isEmpty();
    assertThat(of("kd.yaml", yaml + "separate_meshes: true\n").notModelled()).isPresent();
  }
}
