package dev.vramcast.formats.training.megatron;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MegatronReaderTest {

  private static final String LLAMA =
      "torchrun --nproc_per_node 8 pretrain_gpt.py --num-layers 32 --hidden-size 4096"
          + " --num-attention-heads 32 --group-query-attention --num-query-groups 8 --swiglu"
          + " --normalization RMSNorm --position-embedding-type rope --disable-bias-linear"
          + " --vocab-size 128256 --seq-length 8192 --micro-batch-size 1 --global-batch-size 128"
          + " --bf16 --use-distributed-optimizer ";

  private static Reading with(String more) {
    return of("train.sh", LLAMA + more);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> model(Reading reading) {
    return (Map<String, Object>) value(reading, JobKey.MODEL_CONFIG);
  }

  @Test
  void a_script_is_read_flag_by_flag() {
    Reading reading = ofSample("megatron/mixtral.sh");

    assertThat(reading.format()).isEqualTo(FormatName.MEGATRON_LM);
    assertThat(values(reading))
        .containsEntry("method", "full")
        .containsEntry("objective.stage", "pretrain")
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 32)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("precision", "bf16")
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("checkpointing", "none")
        .containsEntry("hardware.count", 32)
        .containsEntry("hardware.nodes", 4)
        .containsEntry("parallelism.pipeline", 4)
        .containsEntry("parallelism.expert", 8)
        .doesNotContainKeys("parallelism.tensor", "parallelism.sequence_parallel");
    assertThat(model(reading))
        .containsEntry("model_type", "megatron_gpt")
        .containsEntry("num_key_value_heads", 8)
        .containsEntry("intermediate_size", 14336)
        .containsEntry("moe_intermediate_size", 14336)
        .containsEntry("num_experts", 8)
        .containsEntry("vocab_size", 32000)
        .containsEntry("tie_word_embeddings", false);
    assertThat(keys(reading, FindingCode.UNKNOWN_KEY)).isEmpty();
    assertThat(reading.under(JobDocument.empty()).text(JobKey.FRAMEWORK_NAME)).contains("megatron");
  }

  @ParameterizedTest
  @CsvSource({
    "'', position_embedding_type, rope",
    "'', normalization, RMSNorm",
    "'', add_bias_linear, false",
    "'', gated_linear_unit, true",
    "'', hidden_dropout, 0.1",
    "'', intermediate_size, 10880",
    "'', head_dim, 128",
    "'', tie_word_embeddings, true",
    "--hidden-dropout 0.0, hidden_dropout, 0.0",
    "--ffn-hidden-size 14336, intermediate_size, 14336",
    "--multiple-of 4096 --hidden-dim-multiplier 1.3, intermediate_size, 16384",
    "--add-qkv-bias, add_qkv_bias, true",
    "--qk-layernorm, qk_layernorm, true",
    "--num-experts 8 --moe-ffn-hidden-size 512, moe_intermediate_size, 512",
    "--num-experts 8 --moe-router-topk 1, num_experts_per_tok, 1",
  })
  void the_model_is_made_of_what_the_options_say(String more, String key, String expected) {
    assertThat(String.valueOf(model(with(more)).get(key))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "position_embedding_type, learned_absolute",
    "max_position_embeddings, 2048",
    "normalization, LayerNorm",
    "add_bias_linear, true",
    "gated_linear_unit, false",
    "hidden_act, gelu",
    "intermediate_size, 49152",
    "vocab_size, 50257",
  })
  void what_is_not_said_is_that_of_gpt(String key, String expected) {
    Reading reading =
        of(
            "gpt3.sh",
            "torchrun --nproc_per_node 8 --nnodes 16 pretrain_gpt.py --num-layers 96"
                + " --hidden-size 12288 --num-attention-heads 96 --seq-length 2048"
                + " --max-position-embeddings 2048 --micro-batch-size 1 --fp16"
                + " --vocab-file gpt2-vocab.json --merge-file gpt2-merges.txt"
                + " --tensor-model-parallel-size 8 --pipeline-model-parallel-size 16");

    assertThat(String.valueOf(model(reading).get(key))).isEqualTo(expected);
    assertThat(values(reading)).containsEntry("parallelism.reduce_dtype", "fp16");
  }

  @ParameterizedTest
  @CsvSource({
    "--position-embedding-type mrope, positions of type mrope",
    "--position-embedding-type alibi, 'learned_absolute, rope, none'",
    "--hidden-dropout 2, 0 to 1",
  })
  void parts_of_a_model_that_are_not_there_are_refused(String more, String message) {
    String command = LLAMA.replace("--position-embedding-type rope", "") + more;

    assertThatThrownBy(() -> of("train.sh", command).under(JobDocument.empty()))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "--tensor-model-parallel-size 2 --sequence-parallel, parallelism.sequence_parallel, true",
    "--recompute-activations, checkpointing, selective",
    "--recompute-granularity full --recompute-method uniform, checkpointing, full",
    "--cross-entropy-loss-fusion --cross-entropy-fusion-impl te, loss, triton",
    "--cross-entropy-loss-fusion --cross-entropy-fusion-impl te, compile, null",
    "--cross-entropy-loss-fusion, compile, true",
    "--cross-entropy-loss-fusion, loss, null",
    "--num-distributed-optimizer-instances 2, parallelism.shard, 4",
    "--num-distributed-optimizer-instances 2, parallelism.replicate, 2",
    "--transformer-impl transformer_engine, parallelism.replicate, null",
    "--grad-reduce-in-bf16, parallelism.reduce_dtype, bf16",
    "--optimizer sgd, optimizer.name, sgd",
    "--pipeline-model-parallel-size 4 --num-layers-per-virtual-pipeline-stage 2,"
        + " parallelism.virtual_pipeline, 4",
    "--pipeline-model-parallel-size 4 --context-parallel-size 2, batch.grad_accum, 128",
  })
  void an_option_is_read(String more, String key, String expected) {
    assertThat(String.valueOf(values(with(more)).get(key))).isEqualTo(expected);
  }

  @Test
  void ends_of_a_pipeline_have_the_layers_that_are_stated() {
    Reading reading =
        with(
            "--pipeline-model-parallel-size 4 --decoder-first-pipeline-num-layers 6"
                + " --decoder-last-pipeline-num-layers 6");

    assertThat(value(reading, JobKey.LAYERS_PER_STAGE)).isEqualTo(List.of(6, 10, 10, 6));
  }

  @ParameterizedTest
  @CsvSource({
    "--multi-latent-attention, multi_latent_attention",
    "--moe-shared-expert-intermediate-size 512, moe_shared_expert_intermediate_size",
    "'--window-size 127,0', window_size",
    "--use-megatron-fsdp, use_megatron_fsdp",
    "--recompute-granularity full --recompute-method block, recompute_num_layers",
    "--attention-backend unfused, unfused",
    "--optimizer muon, muon",
    "--transformer-impl local, transformer_impl local",
    "--defer-embedding-wgrad-compute, defer_embedding_wgrad_compute",
    "--optimizer-cpu-offload, optimizer_cpu_offload",
  })
  void what_changes_tensors_otherwise_has_no_figure(String more, String named) {
    assertThatThrownBy(() -> with(more).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining(named);
  }

  @Test
  void every_rank_has_all_states_without_the_distributed_optimizer() {
    String command = LLAMA.replace("--use-distributed-optimizer", "");

    assertThat(values(of("train.sh", command + "--tensor-model-parallel-size 2")))
        .containsEntry("parallelism.shard", 1)
        .containsEntry("parallelism.replicate", 4);
    assertThat(values(of("train.sh", command + "--tensor-model-parallel-size 8")))
        .doesNotContainKey("parallelism.replicate");
    assertThatThrownBy(
            () -> of("train.sh", command + "--context-parallel-size 2").under(JobDocument.empty()))
        .hasMessageContaining("use_distributed_optimizer");
  }

  @ParameterizedTest
  @CsvSource({
    "--global-batch-size 12, a multiple of micro_batch_size",
    "--num-layers x, num_layers",
    "--recompute-granularity some, 'full, selective'",
    "--pipeline-model-parallel-size 4 --decoder-first-pipeline-num-layers 7, the same number",
    "--pipeline-model-parallel-size 4 --num-layers-per-virtual-pipeline-stage 3, a divisor",
  })
  void values_that_cannot_be_meant_are_refused(String more, String message) {
    assertThatThrownBy(() -> with(more).under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void options_that_a_script_appends_to_an_array_count() {
    String script =
        "MORE=(--recompute-activations)\nFP8=()\n"
            + "if [[ x ]]; then\n  FP8+=(\n    \"--fp8-format hybrid\"\n  )\nfi\n"
            + "MORE+=(\"${FP8[@]}\")\n"
            + LLAMA
            + "${MORE[@]}\n";

    assertThat(values(of("train.sh", script)))
        .containsEntry("checkpointing", "selective")
        .containsEntry("quantized_training.scheme", "fp8");
  }

  @ParameterizedTest
  @CsvSource({
    "hybrid, delayed, fp8, delayed",
    "e4m3, tensorwise, fp8, tensorwise",
    "e4m3, blockwise, fp8, blockwise",
    "e4m3, mxfp8, mxfp8, ",
  })
  void a_recipe_of_few_bits_is_read(String format, String given, String scheme, String recipe) {
    Map<String, Object> values =
        values(of("train.sh", LLAMA + " --fp8-format " + format + " --fp8-recipe " + given + "\n"));

    assertThat(values.get("quantized_training.scheme")).isEqualTo(scheme);
    assertThat(values.get("quantized_training.recipe")).isEqualTo(recipe);
  }

  @Test
  void a_recipe_that_nobody_has_is_refused() {
    assertThatThrownBy(
            () -> with("--fp8-format hybrid --fp8-recipe rowwise").under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("delayed, tensorwise, blockwise, mxfp8");
  }

  @Test
  void how_many_words_there_are_is_asked_for() {
    String command = LLAMA.replace("--vocab-size 128256", "--tokenizer-type HuggingFaceTokenizer");

    assertThatThrownBy(() -> of("train.sh", command).under(JobDocument.empty()))
        .hasMessageContaining("vocab_size");
  }

  @Test
  void experts_take_as_many_gpus_as_they_are_spread_over_where_none_are_counted() {
    String command = LLAMA.replace("--nproc_per_node 8 ", "") + "--num-experts 8";

    assertThat(value(of("train.sh", command + " --expert-model-parallel-size 8"), JobKey.GPU_COUNT))
        .isEqualTo(8);
  }

  @Test
  void how_long_a_run_is_need_not_be_known() {
    with("--train-iters $ITERATIONS").under(JobDocument.empty());
  }

  @Test
  void the_program_may_be_handed_to_a_script_that_starts_it() {
    String command =
        "srun --label singularity exec $CONTAINER $LAUNCH Megatron-LM/pretrain_gpt.py"
            + " --micro-batch-size 3 --seq-length 64 --bf16\n";

    assertThat(values(of("run.slurm", command))).containsEntry("batch.micro_batch", 3);
  }
}
