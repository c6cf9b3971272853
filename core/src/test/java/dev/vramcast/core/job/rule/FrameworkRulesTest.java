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
import java.util.stream.Stream;
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
    "--framework trl --framework-version 1.6, full, full",
    "--framework trl --framework-version 0.21, none, full",
    "--framework trl --framework-version 23e00ed, full, chunked",
    "--framework trl --transformers 4.45.2, none, full",
    "--framework litgpt --count 2, full, chunked",
  })
  void older_versions_keep_their_own_defaults(String flags, String checkpointing, String loss) {
    assertThat(resolved("--sequence-length 9 " + flags, "checkpointing")).isEqualTo(checkpointing);
    assertThat(resolved("--sequence-length 9 " + flags, "loss")).isEqualTo(loss);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework trl --date 2025-10, 2.9, 4.57, 0.17, 0.48",
    "--framework trl --date 2025-10 --transformers 4.50, 2.9, 4.50, 0.17, 0.48",
    "--framework trl --transformers 4.50, 2.6, 4.50, 0.20, 0.50",
    "--framework transformers --date 2021-01, 1.13, 4.22, 0.1, 0.34",
    "--framework torchtitan --date 2024-10, 2.6, 5.7, 0.13, 0.44",
    "--framework trl --framework-version 0.25, 2.9, 4.57, 0.18, 0.48",
    "--framework trl --framework-version 0.25 --date 2026-02, 2.10, 5.2, 0.18, 0.49",
    "--framework unsloth --framework-version 2024.9, 2.4, 4.45, 0.13, 0.44",
    "--framework unsloth --framework-version 2024.5.1 --transformers 4.44, 2.4, 4.44, 0.11, 0.43",
    "--framework surogate --framework-version 1.0, 2.13, 5.7, 0.20, 0.50",
  })
  void a_month_or_a_release_of_the_framework_gives_the_versions_that_are_left_out(
      String flags, String torch, String transformers, String peft, String bitsandbytes) {
    String job = "--sequence-length 9 " + flags;
    assertThat(
            Stream.of("torch", "transformers", "peft", "bitsandbytes")
                .map(library -> resolved(job, "framework." + library)))
        .containsExactly(torch, transformers, peft, bitsandbytes);
  }

  @ParameterizedTest
  @CsvSource({
    "transformers --accelerate 1.12, fp32",
    "transformers --accelerate 1.13, bf16",
    "transformers --date 2026-02, fp32",
    "transformers --date 2026-03, bf16",
    "transformers, bf16",
    "trl --framework-version 0.26 --accelerate 1.12, fp32",
    "axolotl --accelerate 1.12, bf16",
    "llama-factory, fp32",
  })
  void accelerate_widened_frozen_weights_under_fsdp2_once(String framework, String dtype) {
    String job =
        "--sequence-length 9 --method lora --count 2 --strategy fsdp2 --precision bf16-mixed"
            + " --framework ";
    assertThat(resolved(job + framework, "model.dtype")).isEqualTo(dtype);
  }

  /** Sharded 4-bit weights are not on the GPU yet when the trainer would prepare them. */
  @ParameterizedTest
  @CsvSource({
    "0.7 --count 2 --strategy fsdp1, true",
    "0.12 --count 2 --strategy fsdp1, false",
    "0.12 --count 2 --strategy zero3, false",
    "0.12 --count 2 --strategy ddp, true",
    "0.27 --count 2 --strategy ddp, false",
  })
  void trl_prepares_no_sharded_base(String flags, String prepares) {
    String job = "--framework trl --method qlora --framework-version " + flags;
    assertThat(resolved(job, "lora.kbit_prepare")).isEqualTo(prepares);
  }

  @ParameterizedTest
  @CsvSource({"2024-06, triton", "2024-12, cce", "2025-08, chunked", "2026-11, chunked"})
  void unsloth_had_a_loss_of_its_own_in_each_year(String month, String loss) {
    assertThat(resolved("--framework unsloth --date " + month, "loss")).isEqualTo(loss);
  }

  @ParameterizedTest
  @CsvSource({
    "--date 2025-07, none, full, true",
    "--date 2025-11, full, full, true",
    "--date 2026-06, full, chunked, false",
    "--date 2026-06 --framework-version 0.24, full, full, true",
    "--date 2022-01, none, full, true",
  })
  void a_month_says_which_version_of_the_framework_ran(
      String flags, String checkpointing, String loss, String prepares) {
    String job = "--sequence-length 9 --framework trl --method qlora " + flags;
    assertThat(
            Stream.of("checkpointing", "loss", "lora.kbit_prepare").map(key -> resolved(job, key)))
        .containsExactly(checkpointing, loss, prepares);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework-version 0.4, full, false",
    "--framework-version 0.5, full, true",
    "--framework-version 0.8, chunked, true",
    "--torch 2.9, full, false",
    "--stage grpo --framework-version 0.4, full, true",
  })
  void prime_rl_grew_segments_in_supervised_runs_since_0_5_and_tiles_the_loss_since_0_8(
      String flags, String loss, String grows) {
    String job = "--framework prime-rl " + flags;
    assertThat(Stream.of("loss", "allocator.expandable_segments").map(key -> resolved(job, key)))
        .containsExactly(loss, grows);
  }

  @ParameterizedTest
  @CsvSource({"0.20, bf16, fp32", "0.11, bf16, bf16", "0.11, fp16, fp16"})
  void peft_casts_adapters_since_0_12(String peft, String weights, String adapters) {
    String flags = "--sequence-length 9 --framework peft --peft " + peft;
    assertThat(resolved(flags + " --model-dtype " + weights, "lora.dtype")).isEqualTo(adapters);
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
