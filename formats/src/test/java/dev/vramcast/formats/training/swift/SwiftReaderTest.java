package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwiftReaderTest {

  private static Reading with(String options) {
    return of("run.sh", "swift sft --model a/b --max_length 64 " + options);
  }

  @Test
  void a_configuration_that_comes_with_ms_swift_is_missed_by_nobody() {
    Reading reading = with("--deepspeed zero3_offload");

    assertThat(value(reading, JobKey.STRATEGY)).isEqualTo("zero3");
    assertThat(value(reading, JobKey.OFFLOAD)).isEqualTo(List.of("optimizer", "parameters"));
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).doesNotContain("deepspeed");
    assertThat(values(with("--deepspeed zero0"))).doesNotContainKey("parallelism.strategy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-m swift.cli.rlhf", "swift/cli/rlhf.py"})
  void what_swift_starts_may_be_started_by_hand(String program) {
    String options = " --rlhf_type grpo --model a/b --max_completion_length 64";
    Reading reading = of("run.sh", "torchrun --nproc_per_node 4 " + program + options);

    assertThat(reading.format()).isEqualTo(FormatName.MS_SWIFT);
    assertThat(value(reading, JobKey.STAGE)).isEqualTo("grpo");
    assertThat(value(reading, JobKey.GPU_COUNT)).isEqualTo(4);
  }

  @Test
  void a_lora_is_read_option_by_option() {
    Reading reading = ofSample("swift/lora.sh");

    assertThat(reading.format()).isEqualTo(FormatName.MS_SWIFT);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B-Instruct")
        .containsEntry("model.dtype", "bf16")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 8)
        .containsEntry("lora.alpha", 32L)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 16)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("attention", "flash")
        .containsEntry("hardware.count", 1);
    assertThat(keys(reading, FindingCode.RENAMED_KEY)).containsExactly("train_type");
    assertThat(JobResolver.resolve(reading.document()).job().checkpointing())
        .isEqualTo(Checkpointing.FULL);
  }

  /** Eight micro-batches make a step, and steps are what is counted. */
  @ParameterizedTest
  @CsvSource({
    "--steps_per_generation 4, 32",
    "--generation_batch_size 256, 16",
    "'', null",
  })
  void megatron_counts_steps_of_the_optimizer_between_generations(String more, String rounds) {
    Reading reading =
        of(
            "run.sh",
            "NPROC_PER_NODE=8 megatron rlhf --rlhf_type grpo --model a/b --global_batch_size 128"
                + " --micro_batch_size 2 --max_length 64 --vllm_mode server "
                + more);

    assertThat(String.valueOf(values(reading).get("generation.steps_per_generation")))
        .isEqualTo(rounds);
  }

  @Test
  void a_batch_under_its_older_name_is_one() {
    String command = "swift sft --model a/b --sft_type full --max_length 512 --batch_size 4";

    assertThat(values(of("train.sh", command))).containsEntry("batch.micro_batch", 4);
    assertThat(values(of("train.sh", command + " --per_device_train_batch_size 2")))
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void rows_are_filled_up_to_what_the_ranks_of_a_sequence_divide() {
    String command = "swift sft --model a/b --max_length 4095 --sequence_parallel_size ";

    assertThat(values(of("train.sh", "NPROC_PER_NODE=4 " + command + "4")))
        .containsEntry("batch.sequence_length", 4096);
    assertThat(values(of("train.sh", command + "1"))).containsEntry("batch.sequence_length", 4095);
  }

  @Test
  void presets_and_processes_are_read() {
    Reading reading = ofSample("swift/full.sh");

    assertThat(values(reading))
        .containsEntry("method", "full")
        .containsEntry("parallelism.strategy", "zero3")
        .containsEntry("parallelism.offload", List.of("optimizer", "parameters"))
        .containsEntry("hardware.count", 4)
        .containsEntry("checkpointing", "none")
        .containsEntry("batch.padding", "packed")
        .containsEntry("loss", "liger");
    assertThat(reading.document().remarksAbout(JobKey.SEQUENCE_LENGTH)).hasSize(1);
  }

  @Test
  void an_optimizer_of_megatron_with_other_states_is_not_modelled() {
    String command = "NPROC_PER_NODE=2 megatron sft --model a/b --max_length 64 --optimizer ";

    assertThat(of("run.sh", command + "dist_muon").notModelled()).isPresent();
    assertThat(of("run.sh", command + "adam").notModelled()).isEmpty();
  }

  /** As of ms-swift's Qwen3-Best-Practice.md: eight GPUs of a stage have data of their own. */
  @Test
  void megatron_divides_its_batch_by_the_gpus_that_experts_ask_for() {
    Reading reading =
        of(
            "run.sh",
            "NNODES=$WORLD_SIZE megatron sft --model a/b --max_length 64 --micro_batch_size 1"
                + " --pipeline_model_parallel_size 2 --expert_model_parallel_size 8"
                + " --global_batch_size 16");

    assertThat(values(reading))
        .containsEntry("hardware.count", 16)
        .containsEntry("batch.grad_accum", 2);
  }

  /** As of ms-swift's examples/ray/grpo: what a role has of its own is over the rest. */
  @Test
  void groups_of_ray_say_how_the_model_is_trained_and_where_its_engine_is() {
    String file =
        """
        rlhf_type: grpo
        model: a/b
        micro_batch_size: 2
        global_batch_size: 16
        max_length: 512
        num_generations: 8
        use_vllm: true
        train:
          gpus: 4
          tuner_type: lora
          lora_rank: 16
          tensor_model_parallel_size: 2
        rollout:
          gpus: 4
          vllm_gpu_memory_utilization: 0.4
        """;
    Reading together = of("a.yaml", file + "colocate_groups: [[train, rollout]]\n");

    assertThat(values(together))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 16)
        .containsEntry("hardware.count", 4)
        .containsEntry("parallelism.tensor", 2)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("generation.engine", "vllm-colocate")
        .containsEntry("generation.memory_fraction", 0.4);
    assertThat(keys(together, FindingCode.UNKNOWN_KEY)).isEmpty();
    assertThat(values(of("a.yaml", file))).containsEntry("generation.engine", "vllm-server");
  }

  /** As of ms-swift's examples/yaml/megatron/sft.yaml. */
  @Test
  void variables_of_a_file_are_those_of_its_environment() {
    Reading reading =
        of(
            "a.yaml",
            "ENV:\n  NPROC_PER_NODE: '2'\n  PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True'\n"
                + "model: a/b\ntuner_type: lora\nmax_length: 8\n");

    assertThat(values(reading))
        .containsEntry("hardware.count", 2)
        .containsEntry("allocator.expandable_segments", true);
  }

  @Test
  void megatron_swift_is_read_with_its_ways() {
    Reading reading = ofSample("swift/megatron.sh");

    assertThat(values(reading))
        .containsEntry("method", "full")
        .containsEntry("parallelism.tensor", 2)
        .containsEntry("parallelism.pipeline", 2)
        .containsEntry("parallelism.expert", 2)
        .containsEntry("parallelism.sequence_parallel", true)
        .containsEntry("hardware.count", 8)
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.sequence_length", 8192)
        .containsEntry("checkpointing", "full")
        .containsEntry("attention", "flash")
        .doesNotContainKey("loss")
        .containsEntry("allocator.expandable_segments", true);
    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains("megatron-swift");
  }

  /** Where nothing says which, the release decides. */
  @ParameterizedTest
  @CsvSource({
    "--cross_entropy_loss_fusion true --cross_entropy_fusion_impl te, triton",
    "--cross_entropy_loss_fusion true --cross_entropy_fusion_impl native, full",
    "--cross_entropy_fusion_impl te, triton",
    "--cross_entropy_loss_fusion false, full",
    "--cross_entropy_loss_fusion true,",
  })
  void only_a_loss_that_is_named_is_taken_and_transformer_engines_is_in_place(
      String options, String loss) {
    Reading reading =
        of("run.sh", "NPROC_PER_NODE=2 megatron sft --model a/b --max_length 64 " + options);

    assertThat(values(reading).get("loss")).isEqualTo(loss);
  }

  @ParameterizedTest
  @CsvSource({
    "--lora_rank 4, lora,",
    "--tuner_type full, full,",
    "--sft_type full, full,",
    "--quant_method bnb --quant_bits 4, qlora, nf4",
    "--quant_method bnb --quant_bits 8, lora, int8",
    "--quant_method hqq --quant_bits 4, qlora, nf4",
    "--use_dora true, dora,",
    "--init_weights pissa, pissa,",
    "--use_rslora true, rslora,",
    "--tuner_type longlora, lora,",
  })
  void method_and_quantisation_are_read(String options, String method, String scheme) {
    assertThat(value(with(options), JobKey.METHOD)).isEqualTo(method);
    assertThat(value(with(options), JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @ParameterizedTest
  @CsvSource({
    "--deepspeed zero0,,",
    "--deepspeed zero2, zero2,",
    "--deepspeed zero2_offload, zero2,",
    "--fsdp fsdp2, fsdp2, full",
    "--fsdp full_shard, fsdp1,",
  })
  void strategies_are_read(String options, String strategy, String checkpointing) {
    assertThat(value(with(options), JobKey.STRATEGY)).isEqualTo(strategy);
    assertThat(value(with(options), JobKey.CHECKPOINTING)).isEqualTo(checkpointing);
  }

  @Test
  void full_training_under_fsdp2_keeps_fp32_parameters() {
    Reading reading = with("--tuner_type full --torch_dtype bfloat16 --fsdp fsdp2");

    assertThat(value(reading, JobKey.MODEL_DTYPE)).isEqualTo("fp32");
    assertThat(value(reading, JobKey.PRECISION)).isEqualTo("bf16-mixed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swift sft --model a/b",
        "# 22GiB\nCUDA_VISIBLE_DEVICES=0 \\\nswift sft \\\n --model a/b",
        "n=4\n\nNPROC_PER_NODE=$n \\\nswift sft --model a/b",
        "#!/bin/bash\nexport X=1\nswift sft --model a/b",
      })
  void a_script_is_known_without_its_name(String text) {
    assertThat(value(of("text", text), JobKey.MODEL_ID)).isEqualTo("a/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA_VISIBLE_DEVICES=0,1,2,3 NPROC_PER_NODE=2 swift sft --model a/b",
        "CUDA_VISIBLE_DEVICES=0,1 swift sft --model a/b --tuner_type full"
      })
  void a_process_that_sees_several_cards_divides_its_model_among_them(String script) {
    assertThat(of("a.sh", script).notModelled())
        .hasValueSatisfying(gap -> assertThat(gap).asString().contains("device_map"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA_VISIBLE_DEVICES=0,1 NPROC_PER_NODE=2 swift sft --model a/b",
        "CUDA_VISIBLE_DEVICES=0,1 torchrun --nproc_per_node 2 swift/cli/sft.py --model a/b",
        "CUDA_VISIBLE_DEVICES=0,1 NPROC_PER_NODE=$n swift sft --model a/b",
        "SWIFT_SINGLE_DEVICE_MODE=1 CUDA_VISIBLE_DEVICES=0,1 swift sft --model a/b"
      })
  void a_process_for_each_card_has_one(String script) {
    assertThat(of("a.sh", script).notModelled()).isEmpty();
  }

  @Test
  void yaml_holds_the_same_keys() {
    Reading reading =
        of("a.yaml", "model: a/b\ntuner_type: lora\ntorch_dtype: bfloat16\nmax_length: 8\n");

    assertThat(reading.format()).isEqualTo(FormatName.MS_SWIFT);
    assertThat(value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(8);
  }

  @Test
  void megatrons_own_option_names_the_model_in_older_scripts() {
    assertThat(
            values(
                of(
                    "a.sh",
                    "megatron sft --load Qwen2.5-14B-mcore --tensor_model_parallel_size 4"
                        + " --micro_batch_size 1 --global_batch_size 16\n")))
        .containsEntry("model.id", "Qwen2.5-14B")
        .containsEntry("parallelism.tensor", 4);
  }

  @Test
  void a_completion_that_the_engine_cuts_is_as_long_as_it_may_be() {
    assertThat(
            values(
                of(
                    "a.sh",
                    "swift rlhf --rlhf_type grpo --model Qwen/Qwen3-4B --use_vllm true"
                        + " --vllm_mode colocate --vllm_max_model_len 1024 --max_length 1024"
                        + " --max_completion_length 160 --num_generations 4\n")))
        .containsEntry("batch.sequence_length", 1024)
        .containsEntry("objective.prompt_length", 864)
        .containsEntry("objective.completion_length", 160);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--recompute_granularity full --recompute_method block",
        "--recompute_granularity selective --recompute_modules moe_act",
        "--mtp_num_layers 1",
      })
  void what_megatron_keeps_otherwise_has_no_figure(String options) {
    assertThat(of("a.sh", "megatron sft --model Qwen/Qwen3-4B " + options + "\n").notModelled())
        .isPresent();
  }

  @Test
  void recomputation_of_each_layer_is_full() {
    assertThat(
            values(
                of(
                    "a.sh",
                    "megatron sft --model Qwen/Qwen3-4B --recompute_granularity full"
                        + " --recompute_method uniform --recompute_num_layers 1"
                        + " --mtp_num_layers 0\n")))
        .containsEntry("checkpointing", "full");
  }

  @ParameterizedTest
  @CsvSource({"block, checkpointing_layers", "uniform, checkpointing_group"})
  void recomputation_of_some_layers_is_counted_as_such(String way, String key) {
    String command =
        "megatron sft --model Qwen/Qwen3-4B --recompute_granularity full --recompute_num_layers 4"
            + " --recompute_method ";

    assertThat(values(of("a.sh", command + way + "\n")))
        .containsEntry("checkpointing", "full")
        .containsEntry(key, 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adalora", "boft", "vera", "reft"})
  void adapters_that_are_no_lora_are_not_counted_as_such(String type) {
    assertThat(with("--tuner_type " + type).notModelled()).isPresent();
    assertThat(with("--tuner_type longlora").notModelled()).isEmpty();
  }

  @Test
  void modules_of_megatron_are_the_layers_that_they_hold() {
    String command =
        "NPROC_PER_NODE=2 megatron sft --model a/b --max_length 64 --train_type lora"
            + " --target_modules linear_qkv linear_proj\n";

    assertThat(values(of("run.sh", command)).get("lora.targets"))
        .hasToString("[q_proj, k_proj, v_proj, o_proj]");
  }
}
