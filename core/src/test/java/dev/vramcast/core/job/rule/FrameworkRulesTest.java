package dev.vramcast.core.job.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameworkRulesTest {

  private static String resolved(String flags, String path) {
    Resolution resolution = JobResolver.resolve(Jobs.of(flags));
    return resolution.value(JobKey.ofPath(path).orElseThrow()).orElseThrow().text();
  }

  /** Columns: method, micro batch, length, checkpointing, loss, precision, model dtype, padding. */
  @ParameterizedTest
  @CsvSource({
    "transformers, full, 8, 99, none, full, bf16, bf16, longest, fused",
    "peft, lora, 8, 99, none, full, bf16, bf16, longest, fused",
    "deepspeed, full, 1, 99, none, full, bf16, bf16, longest, deepspeed",
    "trl, full, 8, 1024, full, chunked, bf16-mixed, fp32, longest, fused",
    "axolotl, full, 1, 512, none, full, bf16-mixed, bf16, longest, fused",
    "llama-factory, lora, 8, 2048, full, full, bf16, bf16, longest, fused",
    "ms-swift, lora, 1, 99, full, full, bf16-mixed, bf16, longest, fused",
    "unsloth, qlora, 8, 2048, offloaded, chunked, bf16-mixed, bf16, longest, fused",
    "torchtune, lora, 1, 99, none, chunked, bf16, bf16, longest, fused",
    "litgpt, lora, 1, 99, none, chunked, bf16-mixed, fp32, longest, foreach",
    "torchtitan, full, 8, 2048, selective, full, bf16-mixed, fp32, packed, fused",
    "prime-rl, full, 1, 2048, offloaded, chunked, bf16-mixed, fp32, packed, foreach",
    "nemo-automodel, full, 1, 99, none, full, bf16, bf16, packed, foreach",
    "llm-foundry, full, 1, 99, none, full, bf16-mixed, fp32, packed, foreach",
    "fms-fsdp, full, 1, 99, none, full, bf16-mixed, fp32, packed, foreach",
    "megatron, full, 1, 99, none, full, bf16, bf16, packed, apex",
    "internevo, full, 1, 99, none, full, bf16, bf16, packed, foreach",
    "llmq, full, 1, 99, none, full, bf16, bf16, packed, foreach",
    "surogate, full, 1, 99, none, full, bf16, bf16, packed, foreach",
    "llm.c, full, 1, 99, none, full, bf16, bf16, packed, foreach",
  })
  void each_framework_has_its_recorded_defaults(
      String framework,
      String method,
      String microBatch,
      int length,
      String checkpointing,
      String loss,
      String precision,
      String modelDtype,
      String padding,
      String optimizer) {
    // 99 stands for no default: the length is required then.
    String flags = "--framework " + framework + (length == 99 ? " --sequence-length 99" : "");
    assertThat(
            List.of(
                resolved(flags, "method"),
                resolved(flags, "batch.micro_batch"),
                resolved(flags, "batch.sequence_length"),
                resolved(flags, "checkpointing"),
                resolved(flags, "loss"),
                resolved(flags, "precision"),
                resolved(flags, "model.dtype"),
                resolved(flags, "batch.padding"),
                resolved(flags, "optimizer.implementation")))
        .containsExactly(
            method,
            microBatch,
            String.valueOf(length),
            checkpointing,
            loss,
            precision,
            modelDtype,
            padding,
            optimizer);
  }

  @ParameterizedTest
  @CsvSource({
    "trl, 16, 32, 0.05, 'q_proj,v_proj', fp32",
    "peft, 8, 8, 0, 'q_proj,v_proj', fp32",
    "axolotl, 16, 32, 0, all-linear, fp32",
    "llama-factory, 8, 16, 0, all-linear, bf16",
    "ms-swift, 8, 32, 0.05, all-linear, fp32",
    "unsloth, 16, 16, 0, 'q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj', fp32",
    "torchtune, 8, 16, 0, all-linear, bf16",
    "litgpt, 8, 16, 0.05, 'q_proj,v_proj', fp32",
  })
  void each_framework_has_its_adapters(
      String framework, String rank, String alpha, String dropout, String targets, String dtype) {
    String flags = "--sequence-length 512 --method lora --framework " + framework;
    assertThat(
            List.of(
                resolved(flags, "lora.rank"),
                resolved(flags, "lora.alpha"),
                resolved(flags, "lora.dropout"),
                resolved(flags, "lora.targets"),
                resolved(flags, "lora.dtype")))
        .containsExactly(rank, alpha, dropout, targets, dtype);
  }

  @ParameterizedTest
  @CsvSource({
    "trl, rslora, 0.05",
    "trl, vera, 0",
    "trl, miss, 0",
    "ms-swift, dora, 0.05",
    "ms-swift, vera, 0",
  })
  void a_dropout_of_lora_s_arguments_is_no_other_adapters(
      String framework, String method, String dropout) {
    String flags = "--sequence-length 512 --rank 8 --framework " + framework;
    assertThat(resolved(flags + " --method " + method, "lora.dropout")).isEqualTo(dropout);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework transformers, false",
    "--framework axolotl, true",
    "--framework axolotl --torch 2.1.2, false",
    "--framework unsloth, true",
    "--framework unsloth --torch 2.1.2, false",
    "--framework llama-factory, false",
    "--framework llama-factory --count 2, true",
    "--framework torchtitan, true",
    "--framework torchtitan --expandable-segments false, false",
  })
  void some_frameworks_let_segments_grow(String flags, String grows) {
    assertThat(resolved("--sequence-length 512 " + flags, "allocator.expandable_segments"))
        .isEqualTo(grows);
  }

  @ParameterizedTest
  @CsvSource({
    "torchtitan --tensor 2, true",
    "torchtitan --tensor 2 --sequence-parallel false, false",
    "torchtitan, false",
    "transformers --tensor 2, false",
  })
  void torchtitan_divides_the_tokens_between_products_wherever_it_divides_products(
      String flags, String divides) {
    String job = "--count 4 --strategy fsdp2 --sequence-length 512 --framework " + flags;

    assertThat(resolved(job, "parallelism.sequence_parallel")).isEqualTo(divides);
  }

  @ParameterizedTest
  @CsvSource({
    "--count 4 --strategy fsdp2 --precision bf16-mixed, fp32",
    "--count 4 --strategy fsdp2, bf16",
    "--count 4 --strategy fsdp1 --precision bf16-mixed, bf16",
    "--count 4 --strategy fsdp2 --precision bf16-mixed --quantization nf4, bf16",
    "--precision bf16-mixed, bf16",
  })
  void under_fsdp2_llama_factory_widens_the_base_of_adapters(String flags, String dtype) {
    String all = "--framework llama-factory --method lora --sequence-length 512 " + flags;
    assertThat(resolved(all, "model.dtype")).isEqualTo(dtype);
  }

  /** Columns: flags, then double quantisation, k-bit preparation and adapter dtype. */
  @ParameterizedTest
  @CsvSource({
    "--framework peft, false, true, fp32",
    "--framework trl, false, false, bf16",
    "--framework trl --framework-version 0.25.1, false, true, fp32",
    "--framework trl --framework-version 0.26.2, false, false, bf16",
    "--framework trl --trl 0.25.1, false, true, fp32",
    "--framework trl --framework-version 0.28.0 --stage dpo, false, true, fp32",
    "--framework trl --stage orpo, false, true, fp32",
    "--framework trl --framework-version 1.3.0 --stage kto, false, true, fp32",
    "--framework axolotl --trl 0.26.2, true, false, fp32",
    "--framework axolotl, true, false, fp32",
    "--framework llama-factory, true, false, bf16",
    "--framework ms-swift, true, false, fp32",
    "--framework unsloth, true, false, fp32",
    "--framework torchtune, true, false, bf16",
    "--framework litgpt --precision bf16, false, false, bf16",
  })
  void each_framework_treats_a_quantised_base_in_its_own_way(
      String flags, String doubleQuant, String prepared, String dtype) {
    String all = flags + " --sequence-length 512 --method qlora";
    assertThat(
            List.of(
                resolved(all, "model.quantization.double_quant"),
                resolved(all, "lora.kbit_prepare"),
                resolved(all, "lora.dtype")))
        .containsExactly(doubleQuant, prepared, dtype);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework transformers, false",
    "--framework transformers --transformers 4.57.6, true",
    "--framework trl --transformers 4.57.6, false",
    "--framework trl --method lora --strategy zero3, true",
    "--framework axolotl, true",
    "--framework llama-factory, true",
    "--framework llama-factory --strategy fsdp2, false",
    "--framework ms-swift, true",
    "--framework ms-swift --strategy ddp, false",
    "--framework ms-swift --strategy zero3, true",
    "--framework ms-swift --strategy fsdp2, false",
    "--framework torchtune, false",
  })
  void checkpointing_is_reentrant_where_the_framework_says_so(String flags, String reentrant) {
    assertThat(resolved("--sequence-length 512 " + flags, "checkpointing_reentrant"))
        .isEqualTo(reentrant);
  }

  @ParameterizedTest
  @CsvSource({
    "'', fused",
    "--torch 2.7, foreach",
    "--transformers 4.53.3, foreach",
    "--transformers 4.54.0, foreach",
    "--transformers 4.54.0 --torch 2.8, fused",
    "--torch 1.13, for-loop",
    "--optimizer adamw-8bit, bitsandbytes",
    "--optimizer paged-adamw, bitsandbytes",
    "--optimizer adamw-4bit, torchao",
    "--optimizer adafactor, for-loop",
    "--optimizer sgd, foreach",
    "--strategy zero2, deepspeed",
    "--strategy megatron, apex",
  })
  void the_optimizer_is_whose_code_can_run_it(String flags, String implementation) {
    assertThat(resolved("--sequence-length 512 " + flags, "optimizer.implementation"))
        .isEqualTo(implementation);
  }

  @ParameterizedTest
  @CsvSource({
    "--strategy zero2, true",
    "--strategy zero3 --precision fp32, false",
    "--strategy megatron, true",
    "--strategy fsdp2, false",
    "'', false",
  })
  void zero_and_megatron_keep_masters(String flags, String masters) {
    assertThat(resolved("--sequence-length 512 " + flags, "master_weights")).isEqualTo(masters);
  }

  @ParameterizedTest
  @CsvSource({
    "llama 512 64 128 2 4 2, 'q_proj,v_proj'",
    "gpt2 vocab_size=512 n_embd=64 n_layer=2 n_head=4, c_attn",
    "falcon 512 64 128 2 4 2, query_key_value",
    "bert 512 64 128 2 4 2, 'query,value'",
  })
  void peft_picks_targets_by_the_model_type(String model, String targets) {
    ResolvedValue found = targets(Configs.parse(model));
    assertThat(found.text()).isEqualTo(targets);
    assertThat(found.provenance()).isEqualTo(Provenance.FRAMEWORK_DEFAULT);
  }

  @Test
  void targets_are_assumed_where_the_config_is_no_models() {
    ResolvedValue found = targets(Map.of("model_type", "gpt2"));
    assertThat(found.text()).isEqualTo("q_proj,v_proj");
    assertThat(found.provenance()).isEqualTo(Provenance.ASSUMED);
  }

  private static ResolvedValue targets(Map<String, Object> config) {
    JobDocument document =
        Jobs.of("--sequence-length 9 --framework peft")
            .with(JobKey.MODEL_CONFIG, config, Place.of("here"));
    return JobResolver.resolve(document).value(JobKey.LORA_TARGETS).orElseThrow();
  }

  @Test
  void transformers_loads_the_dtype_of_the_checkpoint_since_version_5() {
    JobDocument document =
        Jobs.of("--sequence-length 9 --framework transformers")
            .with(JobKey.MODEL_CONFIG, Map.of("torch_dtype", "float16"), Place.of("here"));
    assertThat(JobResolver.resolve(document).job().weightDtype().label()).isEqualTo("fp16");
    JobDocument old = document.withFlag(JobKey.TRANSFORMERS_VERSION, "4.57.6");
    assertThat(JobResolver.resolve(old).job().weightDtype().label()).isEqualTo("fp32");
  }

  /** To 0.9.3 {@code bf16} and {@code fp16} decide, and where neither is on, what was published. */
  @ParameterizedTest
  @CsvSource({
    "0.9.3 --method lora --precision bf16-mixed, bf16",
    "0.9.3 --method lora --precision fp16-mixed, fp16",
    "0.9.3 --method lora, fp32",
    "0.9.3 --method full --precision bf16-mixed, fp32",
    "0.9.4 --method lora --precision bf16-mixed, fp32",
    "0.9.5 --method qlora --precision fp16-mixed, fp32",
  })
  void llama_factory_loads_what_was_published_since_it_casts_no_weights(
      String flags, String dtype) {
    assertThat(loadedByLlamaFactory("--framework-version " + flags)).isEqualTo(dtype);
  }

  @ParameterizedTest
  @CsvSource({"4.52.4, bf16", "4.53.0, fp32"})
  void a_release_that_is_not_known_follows_from_its_transformers(String version, String dtype) {
    String flags = "--method lora --precision bf16-mixed --transformers " + version;
    assertThat(loadedByLlamaFactory(flags)).isEqualTo(dtype);
  }

  private static String loadedByLlamaFactory(String flags) {
    JobDocument document =
        Jobs.of("--sequence-length 9 --framework llama-factory " + flags)
            .with(JobKey.MODEL_CONFIG, Map.of("torch_dtype", "float32"), Place.of("here"));
    return JobResolver.resolve(document).job().weightDtype().label();
  }
}
