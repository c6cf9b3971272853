package dev.vramcast.formats.training.axolotl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxolotlReaderTest {

  private static final String BASE =
      "base_model: a/b\nmicro_batch_size: 1\ngradient_accumulation_steps: 1\nsequence_len: 8\n";

  static Reading with(String more) {
    return of("a.yml", BASE + more.replace("~", "\n"));
  }

  @Test
  void a_qlora_is_read_key_by_key() {
    Reading reading = ofSample("axolotl/qlora.yml");

    assertThat(reading.format()).isEqualTo(FormatName.AXOLOTL);
    assertThat(values(reading))
        .containsEntry("model.id", "NousResearch/Llama-3.2-1B")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("lora.rank", 32)
        .containsEntry(
            "lora.targets",
            List.of("gate_proj", "down_proj", "up_proj", "q_proj", "v_proj", "k_proj", "o_proj"))
        .containsEntry("lora.modules_to_save", List.of("embed_tokens", "lm_head"))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("batch.padding", "packed")
        .containsEntry("optimizer.name", "paged-adamw-8bit")
        .containsEntry("optimizer.implementation", "bitsandbytes")
        .containsEntry("checkpointing", "full")
        .containsEntry("checkpointing_reentrant", false)
        .containsEntry("attention", "flash")
        .containsEntry("loss", "cce")
        .doesNotContainKey("precision");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
    assertThat(reading.document().entry(JobKey.LORA_RANK).orElseThrow().place().text())
        .isEqualTo("qlora.yml:25:1, lora_r");
  }

  @Test
  void a_file_that_says_how_to_export_an_adapter_is_none_of_its() {
    assertThatThrownBy(
            () ->
                of(
                    "export.yaml",
                    "base_model: a/b\nadapter_path: out\noutput_name: c\nquantization: q4_k_m\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is of no known format");
  }

  @Test
  void fp8_is_an_autocast_with_linears_in_8_bits() {
    String yaml = "base_model: a/b\nsequence_len: 512\nmicro_batch_size: 1\nfp8: ";

    assertThat(values(of("a.yml", yaml + "true\n")))
        .containsEntry("quantized_training.scheme", "fp8")
        .containsEntry("precision", "bf16-mixed");
    assertThat(values(of("a.yml", yaml + "false\n")))
        .doesNotContainKeys("quantized_training.scheme", "precision");
  }

  @Test
  void full_training_under_fsdp2_is_read_key_by_key() {
    Reading reading = ofSample("axolotl/full-fsdp2.yml");

    assertThat(values(reading))
        .containsEntry("method", "full")
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("parallelism.shard", 4)
        .containsEntry("parallelism.replicate", 2)
        .containsEntry("parallelism.offload", List.of("parameters"))
        .containsEntry("parallelism.reshard_after_forward", false)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("batch.padding", "padded")
        .containsEntry("optimizer.name", "adamw-8bit")
        .containsEntry("optimizer.implementation", "torchao")
        .containsEntry("checkpointing", "full")
        .containsEntry("liger_kernels", List.of("rope", "rms_norm", "swiglu"))
        .containsEntry("loss", "liger")
        .containsEntry("precision", "bf16-mixed");
    assertThat(JobResolver.resolve(reading.document()).job().parallelism().gpus()).isEqualTo(8);
  }

  @Test
  void a_deepspeed_file_that_is_missing_is_known_by_its_name() {
    Reading reading = ofSample("axolotl/full-zero3.yml");

    assertThat(value(reading, JobKey.STRATEGY)).isEqualTo("zero3");
    assertThat(value(reading, JobKey.OFFLOAD)).isEqualTo(List.of("optimizer", "parameters"));
    assertThat(value(reading, JobKey.CHECKPOINTING)).isEqualTo("offloaded");
    assertThat(value(reading, JobKey.OPTIMIZER_NAME)).isEqualTo("adamw");
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("deepspeed");
  }

  @Test
  void traps_are_found_in_their_lines() {
    Reading reading = ofSample("axolotl/traps.yml");

    assertThat(value(reading, JobKey.QUANTIZATION_SCHEME)).isEqualTo("none");
    assertThat(keys(reading, FindingCode.IGNORED_KEY))
        .containsExactly("load_in_4bit", "liger_rms_norm");
    assertThat(keys(reading, FindingCode.MISSPELT_KEY)).containsExactly("context_parapllel_size");
    assertThat(keys(reading, FindingCode.RENAMED_KEY)).containsExactly("flash_attention");
    assertThat(keys(reading, FindingCode.UNKNOWN_KEY)).containsExactly("foo_bar");
    assertThat(reading.findings().get(1).notice())
        .asString()
        .startsWith("traps.yml:3:1: load_in_4bit does nothing with adapter lora");
    assertThat(value(reading, JobKey.LORA_TARGETS))
        .isEqualTo(
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));
  }

  @ParameterizedTest
  @CsvSource({
    "adapter: qlora~load_in_4bit: true, qlora, nf4",
    "adapter: qlora~load_in_4bit: true~bnb_config_kwargs: {bnb_4bit_quant_type: fp4}, qlora, fp4",
    "adapter: qlora~load_in_4bit: true~peft_use_dora: true, dora, nf4",
    "adapter: lora~load_in_8bit: true, lora, int8",
    "adapter: lora~load_in_4bit: true, lora, none",
    "adapter: lora~gptq: true, lora, gptq-int4",
    "adapter: lora~peft_use_dora: true, dora,",
    "adapter: lora~peft_use_rslora: true, rslora,",
    "adapter: lora~peft_init_lora_weights: pissa_niter_4, pissa,",
    "adapter:, full,",
    "load_in_8bit: false, full,",
  })
  void method_and_quantisation_follow_from_adapter(String text, String method, String scheme) {
    Reading reading = with(text + "~lora_r: 8~lora_alpha: 8~lora_target_linear: true");

    assertThat(value(reading, JobKey.METHOD)).isEqualTo(method);
    assertThat(value(reading, JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @ParameterizedTest
  @CsvSource({
    "load_in_4bit: true~quantize_moe_experts: true, true",
    "load_in_4bit: true~quantize_moe_experts: false, false",
    "load_in_4bit: true, false",
  })
  void stacked_experts_are_quantised_where_a_file_asks_for_it(String text, boolean quantised) {
    Reading reading = with("adapter: qlora~lora_r: 8~lora_alpha: 8~" + text);

    assertThat(JobResolver.resolve(reading.document()).job().quantization().experts())
        .isEqualTo(quantised);
  }

  @ParameterizedTest
  @CsvSource({"0.05, true", "0, false", "0.0, false"})
  void dropout_beside_parameters_is_refused(String dropout, boolean refused) {
    Reading reading =
        with(
            "adapter: lora~lora_r: 8~lora_alpha: 8~lora_target_modules: [q_proj]~lora_dropout: "
                + dropout
                + "~lora_target_parameters: [mlp.experts.down_proj]");

    assertThat(keys(reading, FindingCode.REFUSED).contains("lora_dropout")).isEqualTo(refused);
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "lora_target_modules: [q_proj], q_proj",
    "lora_target_linear: true, all-linear"
  })
  void parameters_alone_have_adapters_and_no_module(String modules, String targets) {
    Reading reading =
        with(
            "adapter: lora~lora_r: 8~lora_alpha: 8~"
                + "lora_target_parameters: [mlp.experts.down_proj]~"
                + modules);

    List<String> names = targets.isEmpty() ? List.of() : List.of(targets);
    assertThat(value(reading, JobKey.LORA_TARGETS)).isEqualTo(names);
  }

  @ParameterizedTest
  @CsvSource({
    "use_sonicmoe: true~nvfp4_merge_aware: true, nvfp4, false",
    "use_sonicmoe: true, , true",
    "use_scattermoe: true, , true",
    "use_scattermoe: true~use_sonicmoe: false, , true",
    "use_scattermoe: true~dsv4_fp4_grouped_mode: nvfp4, nvfp4, false",
    "use_scattermoe: true~dsv4_fp4_grouped_mode: nvfp4~moe_grouped_backend: dequant, , true",
    "use_scattermoe: true~dsv4_fp4_grouped_mode: nvfp4~expert_parallel_size: 8, , true",
  })
  void experts_in_nvfp4_are_counted_as_merge_aware_kernels_train_them(
      String kernels, String scheme, boolean gap) {
    Reading reading =
        with(
            "base_model: nvidia/Qwen3-30B-A3B-NVFP4~adapter: lora~lora_r: 8~lora_alpha: 8~"
                + kernels);

    assertThat(value(reading, JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
    assertThat(reading.notModelled().isPresent()).isEqualTo(gap);
    if (!gap) {
      assertThat(value(reading, JobKey.QUANTIZED_EXPERTS)).isEqualTo(true);
      assertThat(keys(reading, FindingCode.NOT_COUNTED))
          .doesNotContain("use_sonicmoe", "use_scattermoe");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bf16: auto,,",
    "fp16: true, fp16-mixed, fp16",
    "bf16: auto~fp16: true, fp16-mixed, fp16",
    "bf16: true, bf16-mixed,",
    "bf16: full, bf16,",
    "bf16: false, fp32,",
    "bf16: false~fp16: true, fp16-mixed, fp16",
    "bf16: false~bfloat16: true,,",
    "float16: true,,",
    "bf16: false~fp16: false~float16: true, fp16, fp16",
    "bf16: false~adapter: lora~load_in_8bit: true,, fp16",
  })
  void precision_is_that_of_a_gpu_that_knows_bf16(String text, String precision, String dtype) {
    Reading reading = with(text);

    assertThat(value(reading, JobKey.PRECISION)).isEqualTo(precision);
    assertThat(value(reading, JobKey.MODEL_DTYPE)).isEqualTo(dtype);
  }

  @ParameterizedTest
  @CsvSource({
    "flash_attention: true, flash",
    "sdp_attention: true, sdpa",
    "xformers_attention: true, flash",
    "flex_attention: true, flex",
    "eager_attention: true, eager",
    "sage_attention: true, flash",
    "attn_implementation: kernels-community/flash-attn3, flash",
    "attn_implementation: sdpa~flash_attention: true, sdpa",
    "attn_implementation: eager, eager",
  })
  void attention_is_read_by_both_kinds_of_keys(String text, String kernel) {
    assertThat(value(with(text), JobKey.ATTENTION)).isEqualTo(kernel);
  }

  @ParameterizedTest
  @CsvSource({
    "fsdp: [full_shard], fsdp1",
    "fsdp_config: {fsdp_offload_params: true}, fsdp1",
    "fsdp_config: {fsdp_version: 2}, fsdp2",
    "fsdp_config: {version: 2}, fsdp2",
    "fsdp_version: 2~fsdp_config: {offload_params: false}, fsdp2",
    "deepspeed: deepspeed_configs/zero1.json, zero1",
    "deepspeed: deepspeed_configs/zero2.json, zero2",
    "deepspeed: {zero_optimization: {stage: 3}}, zero3",
  })
  void strategies_are_read_with_axolotls_defaults(String text, String strategy) {
    assertThat(value(with(text), JobKey.STRATEGY)).isEqualTo(strategy);
  }

  @ParameterizedTest
  @CsvSource({
    "adapter: qlora~load_in_4bit: false, adapter",
    "load_in_4bit: true, load_in_4bit",
    "adapter: lora~lora_r: 8~lora_alpha: 8, lora_target_modules",
    "adapter: lora, lora_r",
    "adapter: lora~quantize_moe_experts: true, quantize_moe_experts",
    "adapter: qlora~load_in_4bit: true~quantize_moe_experts: true~lora_target_linear: true,"
        + " quantize_moe_experts",
    "batch_size: 8, batch_size",
    "activation_offloading: true, activation_offloading",
    "gradient_checkpointing: true~fsdp_config: {activation_checkpointing: true},"
        + " fsdp_config.activation_checkpointing",
    "fsdp_version: 2~fsdp_config: {offload_params: true}~optimizer: adamw_bnb_8bit, optimizer",
    "max_packed_sequence_len: 512, max_packed_sequence_len",
    "deepspeed: zero2.json~fsdp: [full_shard], deepspeed",
    "chunked_cross_entropy: true~liger_fused_linear_cross_entropy: true~plugins: [LigerPlugin],"
        + " liger_fused_linear_cross_entropy",
  })
  void what_axolotl_refuses_is_said(String text, String key) {
    assertThat(keys(with(text), FindingCode.REFUSED)).contains(key);
  }

  @ParameterizedTest
  @CsvSource({
    "fsdp_config: {sharding_strategy: FULL_SHARD}, fsdp_config.sharding_strategy",
    "torch_dtype: bfloat16, torch_dtype",
    "lora_r: 8, lora_r",
    "cut_cross_entropy: true, cut_cross_entropy",
    "liger_rope: true, liger_rope",
  })
  void what_axolotl_ignores_is_said(String text, String key) {
    assertThat(keys(with(text), FindingCode.IGNORED_KEY)).containsExactly(key);
  }

  @Test
  void fsdp1_keeps_trained_parameters_in_fp32_and_fsdp2_does_not() {
    for (String version : List.of("1", "2")) {
      JobDocument document =
          with("fsdp_version: " + version + "~fsdp_config: {offload_params: false}").document();
      assertThat(JobResolver.resolve(document).job().weightDtype())
          .isEqualTo(version.equals("1") ? DataType.FP32 : DataType.BF16);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'model.language_model.layers.[\\d]+.(mlp|self_attn).(up|q)_proj'; q_proj up_proj",
        "'.*\\.(q|k)_proj$'; q_proj k_proj",
        "'model.text_model.layers.\\d+.self_attn.o_proj'; o_proj",
        "'(model\\.language_model\\.layers\\.\\d+\\.mlp\\.up_proj|vision\\.fc[12])'; up_proj",
        "'^(?!.*vision).*layers.\\d+.mlp.gate_proj'; gate_proj",
      })
  void a_pattern_of_targets_is_counted_as_the_names_that_it_matches(String text, String names) {
    Reading reading =
        with("adapter: lora~lora_r: 8~lora_alpha: 8~lora_target_modules: '" + text + "'");

    assertThat(value(reading, JobKey.LORA_TARGETS)).isEqualTo(List.of(names.split(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"'(a+)+$'", "'('", "'((.*)*)*x'", "'vision_tower.(q|k)_proj'"})
  void a_pattern_that_matches_no_layer_is_refused(String text) {
    Reading reading = with("adapter: lora~lora_target_modules: '" + text + "'");

    assertThat(reading.unreadable()).containsKey(JobKey.LORA_TARGETS);
  }

  @Test
  void an_optimizer_that_is_not_known_is_refused_with_the_nearest_one() {
    Reading reading = with("optimizer: adamw_bnb_8bits");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("a.yml:5:1: optimizer is 'adamw_bnb_8bits'")
        .hasMessageContaining("Did you mean 'adamw_bnb_8bit'?");
  }

  @Test
  void what_a_job_document_cannot_say_reaches_the_estimate_as_a_warning() {
    JobDocument document = with("rl: dpo~unfrozen_parameters: [lm_head]").document();

    assertThat(JobResolver.resolve(document).warnings())
        .anyMatch(line -> line.toString().startsWith("a.yml:6:1: unfrozen_parameters"));
  }

  @Test
  void one_gpu_is_assumed_until_a_flag_says_how_many() {
    Reading reading = with("");
    JobDocument counted = reading.under(JobDocument.empty().withFlag(JobKey.GPU_COUNT, "8"));

    assertThat(reading.document().remarksAbout(JobKey.GPU_COUNT)).hasSize(1);
    assertThat(counted.remarksAbout(JobKey.GPU_COUNT)).isEmpty();
  }

  @Test
  void epochs_are_taken_unless_steps_end_the_run() {
    assertThat(with("num_epochs: 3").document().value(JobKey.EPOCHS, Double.class)).contains(3.0);
    JobDocument ended = with("num_epochs: 3~max_steps: 10").document();

    assertThat(ended.has(JobKey.EPOCHS)).isFalse();
    assertThat(ended.value(JobKey.STEPS, Double.class)).contains(10.0);
  }
}
