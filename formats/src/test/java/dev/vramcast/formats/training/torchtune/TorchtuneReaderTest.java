package dev.vramcast.formats.training.torchtune;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchtuneReaderTest {

  private static Reading with(String more) {
    return of(
        "a.yaml",
        "model: {_component_: torchtune.models.qwen3.lora_qwen3_8b_instruct}\n"
            + more.replace("~", "\n"));
  }

  private static Reading whole(String more) {
    return of(
        "a.yaml",
        "model: {_component_: torchtune.models.qwen3.qwen3_8b_instruct}\n"
            + more.replace("~", "\n"));
  }

  @Test
  void every_second_layer_is_checkpointed_whole() {
    assertThat(values(whole("ac_mode: selective~ac_option: 2~")))
        .containsEntry("checkpointing", "full")
        .containsEntry("checkpointing_every", 2);
    assertThat(values(whole("ac_mode: selective~ac_option: 0~")))
        .containsEntry("checkpointing", "full")
        .containsEntry("checkpointing_every", 1);
    assertThat(values(whole("ac_mode: full~enable_activation_checkpointing: false~")))
        .containsEntry("checkpointing", "full")
        .doesNotContainKey("checkpointing_every");
  }

  @Test
  void single_operations_are_no_number_of_layers_and_stop_the_recipe() {
    Reading reading = whole("ac_mode: selective~ac_option: op~");

    assertThat(keys(reading, FindingCode.REFUSED)).containsExactly("ac_option");
    assertThat(value(reading, JobKey.CHECKPOINTING_EVERY)).isNull();
  }

  @Test
  void the_recipe_of_whole_models_checkpoints_nothing_where_both_keys_say_that_it_does() {
    Reading reading =
        whole("ac_mode: selective~ac_option: 2~enable_activation_checkpointing: true~");

    assertThat(value(reading, JobKey.CHECKPOINTING)).isEqualTo("none");
    assertThat(keys(reading, FindingCode.CONTRADICTION)).containsExactly("ac_mode");
  }

  @ParameterizedTest
  @CsvSource({"true, full", "false, none"})
  void recipes_of_adapters_and_of_one_device_read_one_key_alone(String enabled, String expected) {
    String keys =
        "ac_mode: selective~ac_option: 2~enable_activation_checkpointing: " + enabled + "~";
    Reading adapters = with(keys);
    Reading single =
        of(
            "a.yaml",
            "# tune run full_finetune_single_device --config a\n"
                + "model: {_component_: torchtune.models.qwen3.qwen3_8b_instruct}\n"
                + keys.replace("~", "\n"));

    for (Reading reading : List.of(adapters, single)) {
      assertThat(value(reading, JobKey.CHECKPOINTING)).isEqualTo(expected);
      assertThat(keys(reading, FindingCode.IGNORED_KEY)).containsExactly("ac_mode");
    }
  }

  @Test
  void a_lora_is_read_key_by_key() {
    Reading reading = ofSample("torchtune/lora.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.TORCHTUNE);
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Meta-Llama-3.1-8B-Instruct")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 8)
        .containsEntry(
            "lora.targets",
            List.of("q_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("precision", "bf16")
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("optimizer.implementation", "fused")
        .containsEntry("loss", "chunked")
        .containsEntry("checkpointing", "full")
        .containsEntry("compile", false)
        .containsEntry("hardware.count", 2)
        .doesNotContainKey("batch.sequence_length");
    assertThat(reading.document().remarksAbout(JobKey.SEQUENCE_LENGTH))
        .singleElement()
        .asString()
        .contains("tokenizer.max_seq_len is null");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @ParameterizedTest
  @CsvSource({
    "llama3_1.llama3_1_8b, meta-llama/Meta-Llama-3.1-8B-Instruct, full,",
    "llama3_1.lora_llama3_1_70b, meta-llama/Meta-Llama-3.1-70B-Instruct, lora,",
    "llama3_1.qlora_llama3_1_405b, meta-llama/Meta-Llama-3.1-405B-Instruct, qlora, nf4",
    "qwen2_5.lora_qwen2_5_7b_base, Qwen/Qwen2.5-7B, lora,",
    "qwen3.qwen3_1_7b_instruct, Qwen/Qwen3-1.7B, full,",
    "mistral.mistral_7b, mistralai/Mistral-7B-v0.1, full,",
    "gemma2.qlora_gemma2_9b, google/gemma-2-9b, qlora, nf4",
  })
  void a_builder_tells_model_method_and_quantisation(
      String builder, String model, String method, String scheme) {
    Reading reading =
        of("a.yaml", "model:\n  _component_: torchtune.models." + builder + "\nbatch_size: 1\n");

    assertThat(value(reading, JobKey.MODEL_ID)).isEqualTo(model);
    assertThat(value(reading, JobKey.METHOD)).isEqualTo(method);
    assertThat(value(reading, JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @ParameterizedTest
  @CsvSource({
    "'foreach: false', for-loop",
    "'foreach: true', foreach",
    "'fused: false', foreach",
    "'foreach: false, fused: true', fused",
  })
  void adamw_steps_as_its_arguments_say(String arguments, String implementation) {
    Reading reading = with("optimizer: {_component_: torch.optim.AdamW, " + arguments + "}");

    assertThat(value(reading, JobKey.OPTIMIZER_IMPLEMENTATION)).isEqualTo(implementation);
  }

  @ParameterizedTest
  @CsvSource({
    "torch.optim.AdamW, adamw, foreach",
    "bitsandbytes.optim.PagedAdamW, paged-adamw, bitsandbytes",
    "bitsandbytes.optim.PagedAdamW8bit, paged-adamw-8bit, bitsandbytes",
    "bitsandbytes.optim.AdamW8bit, adamw-8bit, bitsandbytes",
    "torchao.optim.AdamW8bit, adamw-8bit, torchao",
    "torchao.optim.AdamW4bit, adamw-4bit, torchao",
    "torch.optim.SGD, sgd,",
  })
  void optimizers_are_named_by_their_class(String path, String name, String implementation) {
    Reading reading = with("optimizer: {_component_: " + path + "}");

    assertThat(value(reading, JobKey.OPTIMIZER_NAME)).isEqualTo(name);
    assertThat(value(reading, JobKey.OPTIMIZER_IMPLEMENTATION)).isEqualTo(implementation);
  }

  @Test
  void a_builder_that_is_not_known_is_refused_unless_a_model_is_named() {
    Reading reading =
        of("a.yaml", "model: {_component_: torchtune.models.llama3_1.lora_llama3_1_9b}\n");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageStartingWith("a.yaml:1:9: model._component_ is")
        .hasMessageContaining("Did you mean 'llama3_1.llama3_1_8b'?");
    assertThat(
            reading.under(JobDocument.empty().withFlag(JobKey.MODEL_ID, "x")).text(JobKey.METHOD))
        .isEmpty();
    assertThat(value(reading, JobKey.METHOD)).isEqualTo("lora");
  }

  @ParameterizedTest
  @CsvSource({
    "enable_activation_offloading: true, enable_activation_offloading",
    "dataset: {packed: true}, dataset.packed",
    "optimizer_in_bwd: true~gradient_accumulation_steps: 2~optimizer: {_component_: "
        + "torch.optim.SGD}, optimizer_in_bwd",
    "dtype: fp16, dtype",
  })
  void what_recipes_refuse_is_said(String text, String key) {
    assertThat(keys(with(text), FindingCode.REFUSED)).containsExactly(key);
  }

  @Test
  void parallel_ways_and_offloading_are_read() {
    Reading reading =
        with(
            "tensor_parallel_dim: 2~data_parallel_shard_dim: -1~fsdp_cpu_offload: true"
                + "~fsdp_reshard_after_forward: false~data_parallel_replicate_dim: 2");

    assertThat(values(reading))
        .containsEntry("parallelism.tensor", 2)
        .containsEntry("parallelism.replicate", 2)
        .containsEntry("parallelism.offload", List.of("parameters"))
        .containsEntry("parallelism.reshard_after_forward", false)
        .doesNotContainKey("parallelism.shard");
  }

  @Test
  void references_to_other_keys_are_followed() {
    Reading reading =
        with("size: 4~batch_size: ${size}~gradient_accumulation_steps: ${nothing}~epochs: ${no}");

    assertThat(value(reading, JobKey.MICRO_BATCH)).isEqualTo(4);
    assertThat(reading.unreadable()).containsOnlyKeys(JobKey.GRAD_ACCUM);
  }

  @Test
  void slips_in_the_builders_arguments_are_found() {
    Reading reading =
        of(
            "a.yaml",
            "model:\n  _component_: torchtune.models.mistral.lora_mistral_7b\n"
                + "  lora_rnk: 8\n");

    assertThat(keys(reading, FindingCode.MISSPELT_KEY)).containsExactly("model.lora_rnk");
  }

  private static final String QUANTIZER =
      "quantizer: {_component_: torchtune.training.quantization.Int8DynActInt4WeightQATQuantizer,"
          + " groupsize: 256}~";

  /** As of configurations of forks, which name no recipe. */
  @ParameterizedTest
  @CsvSource({
    "torchtune.dev.rl.loss.GRPOSimpleLoss, grpo",
    "torchtune.rlhf.loss.PPOLoss, ppo",
    "torchtune.rlhf.loss.DPOLoss, dpo",
    "torchtune.modules.loss.CEWithChunkedOutputLoss,",
  })
  void a_loss_tells_the_stage_where_no_recipe_does(String loss, String stage) {
    Reading reading =
        of(
            "a.yaml",
            "model: {_component_: torchtune.models.qwen3.qwen3_32b}\nloss: {_component_: "
                + loss
                + "}\noptimizer: {_component_: torch.optim.AdamW}\n");

    assertThat(value(reading, JobKey.STAGE)).isEqualTo(stage);
  }

  @Test
  void a_quantizer_trains_with_rounded_linears() {
    assertThat(values(with(QUANTIZER + "optimizer: {_component_: torch.optim.AdamW}")))
        .containsEntry("quantized_training.scheme", "qat-int4")
        .containsEntry("method", "lora");
    assertThat(values(with("optimizer: {_component_: torch.optim.AdamW}")))
        .doesNotContainKey("quantized_training.scheme");
  }

  @ParameterizedTest
  @CsvSource({"256, 32", "Int8DynActInt4WeightQATQuantizer, Int4WeightOnlyQATQuantizer"})
  void other_quantizers_have_no_figure(String usual, String other) {
    Reading reading =
        with(QUANTIZER.replace(usual, other) + "optimizer: {_component_: torch.optim.AdamW}");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("groups of 256");
  }

  @Test
  void steps_before_fake_quantisation_are_not_told_apart() {
    Reading reading =
        with(QUANTIZER + "fake_quant_after_n_steps: 1000~optimizer: {_component_: a.AdamW}");

    assertThat(reading.findings())
        .filteredOn(finding -> finding.code() == FindingCode.NOT_COUNTED)
        .extracting(finding -> finding.key())
        .contains("fake_quant_after_n_steps");
  }

  @ParameterizedTest
  @CsvSource({
    "context_parallel_dim: 2~context_parallel_rotate_method: alltoall, ring",
    "context_parallel_dim: 2~context_parallel_rotate_method: allgather,",
    "context_parallel_dim: 2,",
    "context_parallel_dim: 1~context_parallel_rotate_method: alltoall,",
  })
  void keys_and_values_go_round_only_where_the_file_says_so(String more, String scheme) {
    assertThat(values(with(more)).get("parallelism.sequence_scheme")).isEqualTo(scheme);
  }

  @Test
  void a_teacher_beside_the_model_makes_a_distillation_whatever_other_commands_the_comment_has() {
    Reading reading =
        of(
            "a.yaml",
            """
            # You get better results with a teacher that was fine-tuned:
            #   tune run lora_finetune_single_device --config llama3_1/8B_lora_single_device
            # To launch:
            #   tune run --nproc_per_node 2 knowledge_distillation_distributed --config a.yaml
            model: {_component_: torchtune.models.llama3_2.lora_llama3_2_1b, lora_rank: 64}
            teacher_model: {_component_: torchtune.models.llama3_1.llama3_1_8b}
            loss: {_component_: torchtune.modules.loss.CEWithChunkedOutputLoss}
            kd_loss: {_component_: torchtune.modules.loss.ForwardKLWithChunkedOutputLoss}
            dtype: bf16
            """);

    assertThat(values(reading))
        .containsEntry("objective.stage", "distillation")
        .containsEntry("objective.teacher", "meta-llama/Meta-Llama-3.1-8B-Instruct")
        .containsEntry("objective.teacher_dtype", "bf16")
        .containsEntry("hardware.count", 2);
  }

  @Test
  void processes_and_machines_are_those_of_one_command() {
    String config =
        """
        # On one node:
        #   tune run --nproc_per_node 8 full_finetune_distributed --config llama3_1/8B_full
        # On two of them:
        #   tune run --nnodes 2 --nproc_per_node 4 full_finetune_distributed --config a.yaml
        model: {_component_: torchtune.models.llama3_1.llama3_1_8b}
        dtype: bf16
        """;
    String second = config.replaceFirst("# +tune run --nproc_per_node 8.*\n", "");

    assertThat(values(of("a.yaml", config))).containsEntry("hardware.count", 8);
    assertThat(values(of("a.yaml", second))).containsEntry("hardware.count", 8);
    assertThat(values(of("a.yaml", second.replace("--nnodes 2 ", ""))))
        .containsEntry("hardware.count", 4);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3_14b_instruct, ReverseKLLoss",
    "qlora_qwen3_14b_instruct, ForwardKLWithChunkedOutputLoss",
  })
  void another_divergence_or_a_quantised_teacher_is_not_modelled(String teacher, String loss) {
    Reading reading =
        with(
            "teacher_model: {_component_: torchtune.models.qwen3."
                + teacher
                + "}~kd_loss: {_component_: torchtune.modules.loss."
                + loss
                + "}");

    assertThat(reading.notModelled()).isPresent();
  }

  @Test
  void ppo_trains_its_policy_by_a_command_too() {
    Reading reading =
        of(
            "run.sh",
            "tune run ppo_full_finetune_single_device --config mistral/7B_full_ppo_low_memory\n");

    assertThat(values(reading)).containsKeys("model.id", "objective.stage");
  }
}
