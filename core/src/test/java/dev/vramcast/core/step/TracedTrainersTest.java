package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.LiveTensor;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Peaks of each phase against the trainers of Transformers 5.24 and TRL 1.16, counted by
 * validation/measure: four layers of hidden size 1024, two sequences of 256 tokens.
 */
class TracedTrainersTest {

  private static final String VERSIONS = " --transformers 5.24.0 --dropout 0 ";
  private static final String LORA =
      "--method lora --rank 16 --precision bf16-mixed --checkpointing-reentrant false" + VERSIONS;
  private static final String TRL =
      " --framework trl --framework-version 1.16.0 --loss chunked --model-dtype bf16";

  /** Percent. */
  private static final double TOLERANCE = 0.1;

  @Test
  void a_single_key_head_is_shared_by_all_queries_without_a_copy() {
    Map<String, Object> keys =
        Map.of(
            "num_key_value_heads",
            1,
            "head_dim",
            64,
            "sliding_window",
            512,
            "tie_word_embeddings",
            true,
            "layer_types",
            List.of(
                "sliding_attention", "sliding_attention", "sliding_attention", "full_attention"));

    check(
        Steps.read(
            Steps.model("gemma3_text", keys), LORA + "--targets all-linear --padding padded"),
        287_535_616L,
        294_768_640L,
        254_916_608L,
        122_141_696L);
  }

  @Test
  void the_head_of_trl_1_15_makes_logits_in_one_tile_and_sums_gradients_in_fp32() {
    check(
        Steps.read(
            Steps.model("llama", Map.of()),
            LORA + "--targets all-linear --checkpointing full" + TRL),
        181_984_768L,
        181_728_256L,
        181_630_464L,
        142_435_840L);
    check(
        Steps.read(
            Steps.model("llama", Map.of()),
            "--method full --precision bf16 --checkpointing full" + VERSIONS + TRL),
        414_239_744L,
        466_641_408L,
        496_087_040L,
        495_057_408L);
  }

  /** Its sinks are many small operations, which are not all written. */
  @Test
  void rows_of_expert_biases_live_until_the_next_ones_or_the_end_of_the_experts() {
    Map<String, Object> keys = new HashMap<>(Map.of("intermediate_size", 1024, "head_dim", 64));
    keys.putAll(Map.of("num_local_experts", 8, "num_experts_per_tok", 4, "sliding_window", 128));
    String flags = LORA + "--targets q_proj,o_proj --checkpointing full --attention eager";

    long layers = peak("gpt_oss", keys, flags, Phase.FORWARD_LAYERS);
    long head = peak("gpt_oss", keys, flags, Phase.FORWARD_HEAD);

    assertThat(Math.max(layers, head)).isCloseTo(312_930_304L, withinPercentage(1.1));
  }

  @Test
  void outputs_of_deepseek_v2_experts_are_weighted_in_fp32_and_kept_until_they_are_summed() {
    Map<String, Object> keys = new HashMap<>(Map.of("num_key_value_heads", 16));
    keys.putAll(Map.of("kv_lora_rank", 256, "qk_nope_head_dim", 64, "qk_rope_head_dim", 32));
    keys.putAll(Map.of("v_head_dim", 64, "n_routed_experts", 8, "n_shared_experts", 1));
    keys.putAll(Map.of("num_experts_per_tok", 4, "moe_intermediate_size", 704));
    keys.put("first_k_dense_replace", 1);
    keys.put("q_lora_rank", null);
    String flags = LORA + "--targets q_proj,o_proj --checkpointing full";

    long layers = peak("deepseek_v2", keys, flags, Phase.FORWARD_LAYERS);
    long head = peak("deepseek_v2", keys, flags, Phase.FORWARD_HEAD);

    assertThat(Math.max(layers, head)).isCloseTo(248_767_488L, withinPercentage(TOLERANCE));
  }

  private static long peak(String type, Map<String, Object> keys, String flags, Phase phase) {
    return Steps.read(Steps.model(type, keys), flags).phasePeaks().get(phase);
  }

  private static void check(TraceReading reading, long forward, long head, long layers, long step) {
    Map<Phase, Long> read = reading.phasePeaks();
    long highest = Math.max(read.get(Phase.FORWARD_LAYERS), read.get(Phase.FORWARD_HEAD));
    assertThat(highest).as("forward").isCloseTo(forward, withinPercentage(TOLERANCE));
    assertThat(read.get(Phase.BACKWARD_HEAD))
        .as("backward of head and loss")
        .isCloseTo(head, withinPercentage(TOLERANCE));
    assertThat(read.get(Phase.BACKWARD_LAYERS))
        .as("backward of the layers")
        .isCloseTo(layers, withinPercentage(TOLERANCE));
    assertThat(read.get(Phase.STEP))
        .as("optimizer step")
        .isCloseTo(step, withinPercentage(TOLERANCE));
  }

  @Test
  void a_gpt_neo_has_one_mask_as_its_layers_cut_windows_themselves() {
    Map<String, Object> keys =
        Map.of(
            "num_layers",
            4,
            "num_heads",
            16,
            "window_size",
            64,
            "attention_types",
            List.of(List.of(List.of("global", "local"), 2)));

    assertThat(
            named(
                Steps.model("gpt_neo", keys),
                "--method full --precision bf16 --attention eager --checkpointing full" + VERSIONS,
                Phase.FORWARD_HEAD,
                "attention mask"))
        .isEqualTo(2 * 256 * 256 * 2L);
  }

  @Test
  void the_activation_of_xlm_roberta_xl_takes_the_name_of_what_the_norm_gave() {
    Architecture model = Steps.model("xlm-roberta-xl", Map.of());
    String flags =
        "--method lora --rank 16 --targets all-linear --precision bf16-mixed"
            + " --model-dtype bf16 --checkpointing none --stage classification --labels 3"
            + VERSIONS;

    assertThat(named(model, flags, Phase.FORWARD_LAYERS, "norm outputs")).isZero();
  }

  @Test
  void weighted_tokens_take_logits_behind_the_model_that_labels_do_not_shift() {
    String flags =
        "--method full --precision bf16-mixed --model-dtype bf16 --loss-type dft"
            + " --framework trl --framework-version 1.12.0"
            + VERSIONS;

    assertThat(named(Steps.model("llama", Map.of()), flags, Phase.BACKWARD_HEAD, "logits in fp32"))
        .isEqualTo(512L * 8192 * 4);
  }

  private static long named(Architecture model, String flags, Phase phase, String name) {
    AllocationTrace trace = Steps.trace(model, flags);
    return LiveTensor.atPeakOf(trace, phase).stream()
        .filter(tensor -> tensor.name().equals(name))
        .mapToLong(LiveTensor::bytes)
        .sum();
  }
}
