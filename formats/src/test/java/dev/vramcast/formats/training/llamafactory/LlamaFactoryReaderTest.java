package dev.vramcast.formats.training.llamafactory;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaFactoryReaderTest {

  private static final String ON_MEGATRON =
      """
      model_name_or_path: a/b
      stage: sft
      finetuning_type: full
      cutoff_len: 4096
      bf16: true
      pipeline_model_parallel_size: 4
      bias_activation_fusion: true
      apply_rope_fusion: true
      use_distributed_optimizer: true
      moe_grouped_gemm: true
      moe_token_dispatcher_type: alltoall
      recompute_granularity: full
      """;

  private static Reading with(String more) {
    return of("a.yaml", "model_name_or_path: a/b\ntemplate: x\n" + more.replace("~", "\n"));
  }

  @Test
  void a_qlora_is_read_key_by_key() {
    Reading reading = ofSample("llamafactory/qlora.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.LLAMA_FACTORY);
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Meta-Llama-3-8B-Instruct")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("lora.rank", 8)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("lora.modules_to_save", List.of("embed_tokens"))
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("precision", "bf16-mixed")
        .containsEntry("attention", "flash")
        .containsEntry("loss", "liger")
        .containsEntry("liger_kernels", List.of("rms_norm", "swiglu", "rope"))
        .doesNotContainKeys("checkpointing", "optimizer.name");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
    ResolvedJob job = JobResolver.resolve(reading.document()).job();
    assertThat(job.checkpointing()).isEqualTo(Checkpointing.FULL);
    assertThat(job.quantization().doubleQuant()).isTrue();
  }

  @Test
  void traps_of_full_training_are_found() {
    Reading reading = ofSample("llamafactory/full.yaml");

    assertThat(values(reading))
        .containsEntry("method", "full")
        .containsEntry("parallelism.strategy", "zero2")
        .containsEntry("parallelism.offload", List.of("optimizer"))
        .containsEntry("precision", "bf16")
        .containsEntry("optimizer.name", "adamw")
        .containsKey("data.steps")
        .doesNotContainKeys("checkpointing", "lora.rank", "data.epochs", "batch.micro_batch");
    assertThat(keys(reading, FindingCode.IGNORED_KEY))
        .contains("gradient_checkpointing", "lora_rank", "optim");
    assertThat(keys(reading, FindingCode.MISSPELT_KEY)).containsExactly("tempalte");
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("deepspeed");
    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT))
        .contains("per_device_train_batch_size");
    assertThat(
            JobResolver.resolve(reading.document().with(JobKey.SEQUENCE_LENGTH, 8, Place.of("-")))
                .job())
        .satisfies(job -> assertThat(job.batch().microBatch()).isEqualTo(8));
  }

  @ParameterizedTest
  @CsvSource({
    "lora_rank: 4, lora,",
    "quantization_bit: 4, qlora, nf4",
    "quantization_bit: 4~quantization_type: fp4, qlora, fp4",
    "quantization_bit: 8, lora, int8",
    "quantization_bit: 4~use_dora: true, dora, nf4",
    "finetuning_type: lora~pissa_init: true, pissa,",
    "finetuning_type: lora~use_rslora: true, rslora,",
    "finetuning_type: full, full,",
    "finetuning_type: freeze, freeze,",
    "finetuning_type: full~use_galore: true, galore,",
    "finetuning_type: full~use_apollo: true, galore,",
    "finetuning_type: oft, oft,",
    "finetuning_type: oft~quantization_bit: 4, oft, nf4",
  })
  void method_and_quantisation_are_read(String text, String method, String scheme) {
    assertThat(value(with(text), JobKey.METHOD)).isEqualTo(method);
    assertThat(value(with(text), JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @ParameterizedTest
  @CsvSource({
    "finetuning_type: oft~oft_rank: 8, oft_rank 8",
    "use_badam: true~badam_mode: ratio, badam_mode ratio",
    "use_badam: true~optim: adamw_8bit, use_badam over another optimizer",
    "use_mca: true, use_mca",
  })
  void what_trains_in_another_way_is_not_answered_as_the_usual_one(String text, String gap) {
    assertThat(with(text).notModelled().orElseThrow()).asString().contains(gap);
    assertThat(with("use_badam: false").notModelled()).isEmpty();
  }

  @Test
  void layers_take_turns_over_adamw() {
    Reading reading = with("finetuning_type: full\nuse_badam: true\noptim: adamw_torch");
    assertThat(reading.notModelled()).isEmpty();
    assertThat(value(reading, JobKey.OPTIMIZER_NAME)).isEqualTo("badam");
  }

  @ParameterizedTest
  @CsvSource({
    "flash_attn: auto,",
    "flash_attn: disabled, eager",
    "flash_attn: sdpa, sdpa",
    "flash_attn: fa2, flash",
    "flash_attn: fa3, flash",
    "flash_attn: true, flash",
  })
  void attention_has_names_of_its_own(String text, String kernel) {
    assertThat(value(with(text), JobKey.ATTENTION)).isEqualTo(kernel);
  }

  @ParameterizedTest
  @CsvSource({
    "disable_gradient_checkpointing: true, none",
    "use_unsloth_gc: true, offloaded",
    "gradient_checkpointing: false,",
  })
  void only_its_own_keys_change_checkpointing(String text, String checkpointing) {
    assertThat(value(with(text), JobKey.CHECKPOINTING)).isEqualTo(checkpointing);
  }

  /** Columns: keys, what is checkpointed, and whether that is reentrant. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gradient_checkpointing: true | | true",
        "gradient_checkpointing: true~use_reentrant_gc: false | | true",
        "gradient_checkpointing: true~gradient_checkpointing_kwargs: {use_reentrant: false}"
            + " | | false",
        "gradient_checkpointing: true~disable_gradient_checkpointing: true | full | true",
        "use_reentrant_gc: false | | false",
      })
  void the_trainer_turns_checkpointing_on_again(String text, String kept, boolean reentrant) {
    Reading reading = with(text);

    assertThat(value(reading, JobKey.CHECKPOINTING)).isEqualTo(kept);
    assertThat(value(reading, JobKey.CHECKPOINTING_REENTRANT)).isEqualTo(reentrant);
  }

  @ParameterizedTest
  @CsvSource({
    "stage: pt, pretrain,",
    "stage: rm, reward,",
    "stage: dpo, dpo,",
    "stage: dpo~pref_loss: ipo, dpo, ipo",
    "stage: dpo~pref_loss: simpo, cpo, simpo",
    "stage: dpo~pref_loss: orpo, orpo,",
    "stage: kto, kto,",
    "stage: ppo, ppo,",
  })
  void the_stage_is_taken(String text, String stage, String loss) {
    Reading reading = with(text);

    assertThat(value(reading, JobKey.STAGE)).isEqualTo(stage);
    assertThat(value(reading, JobKey.LOSS_TYPE)).isEqualTo(loss == null ? null : List.of(loss));
  }

  @ParameterizedTest
  @CsvSource({"stage: pt, packed", "stage: pt~packing: false,", "neat_packing: true, packed"})
  void packing_is_the_default_of_pre_training_only(String text, String padding) {
    assertThat(value(with(text), JobKey.PADDING)).isEqualTo(padding);
  }

  @ParameterizedTest
  @CsvSource({
    "finetuning_type: full~quantization_bit: 4, quantization_bit",
    "pure_bf16: true~deepspeed: ds_z3_config.json, pure_bf16",
    "bf16: true~fp16: true, fp16",
  })
  void what_it_refuses_is_said(String text, String key) {
    assertThat(keys(with(text), FindingCode.REFUSED)).containsExactly(key);
  }

  /** As of LLaMA-Factory's examples/megatron/qwen3_moe_full.yaml. */
  @Test
  void keys_of_megatron_train_by_mcore_adapter() {
    Reading reading = of("a.yaml", ON_MEGATRON + "expert_model_parallel_size: 2\n");

    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains("mcore-adapter");
    assertThat(values(reading))
        .containsEntry("parallelism.strategy", "megatron")
        .containsEntry("parallelism.pipeline", 4)
        .containsEntry("parallelism.expert", 2)
        .containsEntry("hardware.count", 8)
        .containsEntry("precision", "bf16")
        .containsEntry("checkpointing", "full")
        .doesNotContainKeys("parallelism.shard", "parallelism.replicate");
    assertThat(reading.notModelled()).isEmpty();
    assertThat(keys(reading, FindingCode.UNKNOWN_KEY)).isEmpty();
    ResolvedJob job = JobResolver.resolve(reading.document()).job();
    assertThat(job.parallelism().reduceDtype()).isEqualTo(DataType.BF16);
  }

  @Test
  void without_the_distributed_optimizer_every_rank_has_all_states() {
    String text = ON_MEGATRON.replace("use_distributed_optimizer: true\n", "ray_num_workers: 8\n");

    assertThat(values(of("a.yaml", text)))
        .containsEntry("parallelism.shard", 1)
        .containsEntry("parallelism.replicate", 2);
  }

  /** As of LLaMA-Factory's examples/megatron_bridge/llama3_sft.yaml. */
  @Test
  void keys_of_megatron_bridge_are_another_trainer() {
    assertThat(of("a.yaml", ON_MEGATRON + "mixed_precision: bf16_mixed\n").notModelled())
        .hasValueSatisfying(gap -> assertThat(gap.toString()).contains("Megatron-Bridge"));
  }

  @ParameterizedTest
  @CsvSource({
    "apply_rope_fusion: true, apply_rope_fusion: false",
    "finetuning_type: full, finetuning_type: lora",
    "stage: sft, stage: dpo",
    "moe_token_dispatcher_type: alltoall, moe_token_dispatcher_type: allgather",
    "recompute_granularity: full, 'recompute_granularity: full~recompute_method: block'",
  })
  void what_mcore_adapter_does_otherwise_is_not_modelled(String usual, String other) {
    String text = ON_MEGATRON + "expert_model_parallel_size: 2\n";

    assertThat(text).contains(usual);
    assertThat(of("a.yaml", text.replace(usual, other.replace("~", "\n"))).notModelled())
        .isPresent();
  }

  @Test
  void trained_parameters_are_fp32_unless_bf16_is_pure() {
    String full = "finetuning_type: full~bf16: true";

    assertThat(JobResolver.resolve(with(full).document()).job().weightDtype())
        .isEqualTo(DataType.FP32);
    assertThat(JobResolver.resolve(with(full + "~pure_bf16: true").document()).job().weightDtype())
        .isEqualTo(DataType.BF16);
  }

  @Test
  void its_accelerate_upcasts_the_frozen_base_under_fsdp2() {
    Reading reading = ofSample("llamafactory/qlora.yaml", "launch/fsdp2.yaml");
    assertThat(value(reading, JobKey.STRATEGY)).isEqualTo("fsdp2");
    assertThat(JobResolver.resolve(reading.document()).job().weightDtype())
        .isEqualTo(DataType.BF16);
    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT)).doesNotContain("fsdp_version");

    Reading plain = with("bf16: true~fsdp: full_shard auto_wrap~fsdp_config: {fsdp_version: 2}");
    assertThat(value(plain, JobKey.STRATEGY)).isEqualTo("fsdp2");
    assertThat(JobResolver.resolve(plain.document()).job().weightDtype()).isEqualTo(DataType.FP32);
    assertThat(keys(plain, FindingCode.SURPRISING_DEFAULT)).contains("fsdp_version");
  }

  @ParameterizedTest
  @CsvSource({
    "TechxGenus/Meta-Llama-3-8B-Instruct-GPTQ, lora, gptq-int4",
    "Qwen/Qwen2.5-7B-Instruct-GPTQ-Int8, lora, gptq-int8",
    "TechxGenus/Meta-Llama-3-8B-Instruct-AWQ, lora, awq-int4",
    "unsloth/Meta-Llama-3.1-8B-bnb-4bit, qlora, nf4",
    "meta-llama/Llama-3.1-8B, lora,",
  })
  void a_checkpoint_that_is_quantised_on_disk_is_known_by_its_name(
      String model, String method, String scheme) {
    Reading reading = of("a.yaml", "model_name_or_path: " + model + "\nfinetuning_type: lora\n");

    assertThat(value(reading, JobKey.METHOD)).isEqualTo(method);
    assertThat(value(reading, JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @Test
  void the_new_engine_nests_its_keys() {
    Reading reading =
        of(
            "a.yaml",
            """
            model: Qwen/Qwen3-4B
            model_class: llm
            peft_config: {name: lora, r: 16, lora_alpha: 32, target_modules: all}
            quant_config: {name: bnb, quantization_bit: 4}
            dist_config: {name: fsdp2}
            train_dataset: data/v1_sft_demo.yaml
            cutoff_len: 2048
            batching_strategy: padding_free
            max_steps: 10
            """);

    assertThat(reading.format()).isEqualTo(FormatName.LLAMA_FACTORY_V1);
    assertThat(values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.padding", "packed")
        .containsEntry("precision", "bf16-mixed")
        .containsKey("data.steps");
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).isEmpty();
  }

  @Test
  void float8_is_asked_for_beside_pure_bf16_too() {
    Reading reading =
        of(
            "sft.yaml",
            "model_name_or_path: a/b\nstage: sft\ndo_train: true\nfinetuning_type: full\n"
                + "template: llama3\npure_bf16: true\nfp8: true\nfp8_backend: te\n");

    assertThat(values(reading))
        .containsEntry("precision", "bf16")
        .containsEntry("quantized_training.scheme", "fp8")
        .containsEntry("quantized_training.implementation", "transformer-engine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "finetuning_type: lora\ntask: mmlu_test\nn_shot: 5\nbatch_size: 4\n",
        "use_vllm: true\ncutoff_len: 16384\nmax_new_tokens: 1024\n"
      })
  void a_file_that_says_nothing_of_training_trains_nothing(String rest) {
    Reading reading = of("m.yaml", "model_name_or_path: a/b\ntemplate: llama3\n" + rest);

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("trains nothing: do_train is not on, and nothing says how to train");
  }

  /** llamafactory 0.9.5: hparams/model_args.py KTransformersArguments. */
  @Test
  void experts_of_ktransformers_are_in_the_hosts_memory() {
    String said =
        "model_name_or_path: a/b\nstage: sft\ndo_train: true\nfinetuning_type: lora\n"
            + "template: deepseek\nlora_target: all\nuse_kt: ";

    assertThat(values(of("kt.yaml", said + "true\n")))
        .containsEntry("parallelism.offload", List.of("experts"));
    assertThat(values(of("kt.yaml", said + "true\nkt_weight_path: int8/\n")))
        .containsEntry("parallelism.offload", List.of("experts-int8"));
    assertThat(values(of("kt.yaml", said + "false\n"))).doesNotContainKey("parallelism.offload");
  }

  @Test
  void settings_with_a_template_s_path_and_keys_that_it_refuses_are_of_another_program() {
    Reading reading =
        of(
            "train.yaml",
            """
            model_name_or_path: Qwen/Qwen3-8B
            lora: true
            lora_rank: 12
            lora_target_modules: [q_proj, v_proj]
            template: data/template.py
            per_device_train_batch_size: 4
            """);

    assertThat(reading.format()).isNotEqualTo(FormatName.LLAMA_FACTORY);
    assertThat(values(reading))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 12)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"));
  }
}
