package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peaks of each phase against real Transformers and PEFT on fake tensors, which counted every live
 * storage: four layers of hidden size 1024, two sequences of 256 tokens.
 */
class TracedStepsTest {

  private static final String FULL = "--method full --precision bf16";
  private static final String LORA =
      "--method lora --rank 16 --targets all-linear --precision bf16-mixed"
          + " --checkpointing full --checkpointing-reentrant false";
  private static final String QLORA =
      "--method qlora --rank 16 --targets all-linear --precision bf16-mixed"
          + " --double-quant true --kbit-prepare true";

  /** Percent. */
  private static final double TOLERANCE = 0.1;

  /** Of models whose sinks, recurrence or streams are many small operations. */
  private static final Map<String, Double> WIDER_TOLERANCES =
      Map.of(
          "gpt_oss",
          0.7,
          "qwen3_next",
          0.2,
          "qwen3_5_text",
          0.6,
          "gemma4_text",
          0.5,
          "gemma3n_text",
          0.2);

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("steps")
  void every_phase_peaks_as_it_was_traced(
      String type, String flags, String version, long[] peaks, Map<String, Object> keys) {
    Architecture architecture = Steps.model(type, keys);

    double tolerance = WIDER_TOLERANCES.getOrDefault(type, TOLERANCE);
    TraceReading reading = Steps.read(architecture, flags + " --transformers " + version);

    Map<Phase, Long> read = reading.phasePeaks();
    long forward = Math.max(read.get(Phase.FORWARD_LAYERS), read.get(Phase.FORWARD_HEAD));
    assertThat(forward).as("forward").isCloseTo(peaks[0], withinPercentage(tolerance));
    assertThat(read.get(Phase.BACKWARD_HEAD))
        .as("backward of head and loss")
        .isCloseTo(peaks[1], withinPercentage(tolerance));
    assertThat(read.get(Phase.BACKWARD_LAYERS))
        .as("backward of the layers")
        .isCloseTo(peaks[2], withinPercentage(tolerance));
    assertThat(read.get(Phase.STEP))
        .as("optimizer step")
        .isCloseTo(peaks[3], withinPercentage(tolerance));
  }

  static Stream<Arguments> steps() {
    return Stream.of(
        traced(
            "gemma4_text",
            FULL,
            "5.7.0",
            589_898_752L,
            598_278_656L,
            572_058_112L,
            472_102_400L,
            Map.of(
                "head_dim",
                64,
                "global_head_dim",
                128,
                "sliding_window",
                512,
                "hidden_size_per_layer_input",
                64,
                "vocab_size_per_layer_input",
                8192,
                "tie_word_embeddings",
                true,
                "num_kv_shared_layers",
                0,
                "layer_types",
                List.of(
                    "sliding_attention",
                    "sliding_attention",
                    "sliding_attention",
                    "full_attention"))),
        traced(
            "gemma3n_text",
            FULL,
            "5.7.0",
            729_012_224L,
            737_392_128L,
            703_827_456L,
            505_923_072L,
            Map.of(
                "head_dim",
                64,
                "sliding_window",
                512,
                "hidden_size_per_layer_input",
                64,
                "vocab_size_per_layer_input",
                8192,
                "tie_word_embeddings",
                true,
                "num_kv_shared_layers",
                0,
                "laurel_rank",
                64,
                "altup_num_inputs",
                4,
                "layer_types",
                List.of(
                    "sliding_attention",
                    "sliding_attention",
                    "sliding_attention",
                    "full_attention"))),
        traced(
            "deepseek_v3",
            FULL,
            "5.7.0",
            619_676_160L,
            628_056_064L,
            622_706_688L,
            611_652_096L,
            Map.of(
                "num_key_value_heads",
                16,
                "n_routed_experts",
                8,
                "n_shared_experts",
                1,
                "first_k_dense_replace",
                1,
                "q_lora_rank",
                256,
                "kv_lora_rank",
                128,
                "qk_nope_head_dim",
                64,
                "qk_rope_head_dim",
                32,
                "v_head_dim",
                64,
                "n_group",
                2),
            Map.of("topk_group", 1, "moe_intermediate_size", 512, "num_experts_per_tok", 2)),
        traced(
            "gpt_oss",
            FULL,
            "4.57.6",
            975_603_200L,
            983_983_104L,
            1_077_499_904L,
            1_024_679_936L,
            Map.of(
                "intermediate_size",
                1024,
                "head_dim",
                64,
                "num_local_experts",
                8,
                "num_experts_per_tok",
                2,
                "sliding_window",
                128)),
        traced(
            "gpt_oss",
            LORA,
            "5.7.0",
            312_005_120L,
            318_484_480L,
            310_534_144L,
            263_003_136L,
            Map.of(
                "intermediate_size",
                1024,
                "head_dim",
                64,
                "num_local_experts",
                8,
                "num_experts_per_tok",
                2,
                "sliding_window",
                128)),
        traced(
            "glm4",
            LORA,
            "5.7.0",
            188_514_816L,
            193_650_688L,
            182_719_488L,
            141_380_608L,
            Map.of("head_dim", 64, "partial_rotary_factor", 0.5, "attention_bias", true)),
        traced(
            "glm4_moe",
            FULL,
            "4.57.6",
            643_156_480L,
            651_536_384L,
            635_981_824L,
            627_411_968L,
            Map.of(
                "head_dim",
                64,
                "n_routed_experts",
                8,
                "n_shared_experts",
                1,
                "first_k_dense_replace",
                1,
                "use_qk_norm",
                true,
                "n_group",
                1,
                "topk_group",
                1,
                "moe_intermediate_size",
                512,
                "num_experts_per_tok",
                2)),
        traced(
            "gemma3_text",
            LORA,
            "5.7.0",
            189_532_160L,
            194_536_960L,
            189_570_560L,
            142_426_624L,
            Map.of("head_dim", 64, "sliding_window", 512, "sliding_window_pattern", 4)),
        traced(
            "qwen3_next",
            FULL,
            "5.7.0",
            971_755_008L,
            980_134_912L,
            968_971_776L,
            718_647_296L,
            Map.of(
                "head_dim",
                64,
                "num_experts",
                8,
                "num_experts_per_tok",
                2,
                "moe_intermediate_size",
                512,
                "shared_expert_intermediate_size",
                512,
                "linear_num_key_heads",
                8,
                "linear_num_value_heads",
                16,
                "linear_key_head_dim",
                64,
                "linear_value_head_dim",
                64,
                "partial_rotary_factor",
                0.25)),
        traced(
            "qwen3_5_text",
            LORA,
            "5.7.0",
            203_171_840L,
            207_895_040L,
            283_303_424L,
            156_446_208L,
            Map.of(
                "head_dim",
                64,
                "linear_num_key_heads",
                8,
                "linear_num_value_heads",
                16,
                "linear_key_head_dim",
                64,
                "linear_value_head_dim",
                64)),
        traced(
            "granitemoe",
            FULL,
            "5.7.0",
            598_325_248L,
            606_705_152L,
            636_183_040L,
            621_126_144L,
            Map.of("intermediate_size", 512, "num_local_experts", 8, "num_experts_per_tok", 2)),
        traced(
            "llama4_text",
            FULL,
            "5.7.0",
            526_472_192L,
            534_852_096L,
            512_836_096L,
            470_006_272L,
            Map.of(
                "intermediate_size",
                512,
                "head_dim",
                64,
                "num_local_experts",
                4,
                "num_experts_per_tok",
                1,
                "intermediate_size_mlp",
                1024,
                "attention_chunk_size",
                2048,
                "interleave_moe_layer_step",
                1)),
        traced(
            "cohere2",
            LORA,
            "5.7.0",
            174_887_424L,
            179_892_224L,
            166_810_624L,
            125_619_200L,
            Map.of("tie_word_embeddings", true, "head_dim", 64, "sliding_window", 128)),
        traced(
            "ernie4_5",
            QLORA,
            "5.7.0",
            297_737_728L,
            303_922_176L,
            251_335_680L,
            109_127_680L,
            Map.of("head_dim", 64)),
        traced(
            "lfm2",
            FULL,
            "5.7.0",
            551_104_000L,
            559_483_904L,
            536_939_520L,
            532_860_928L,
            Map.of(
                "layer_types",
                List.of("conv", "conv", "full_attention", "conv"),
                "block_auto_adjust_ff_dim",
                false)),
        traced(
            "bert",
            FULL,
            "5.7.0",
            478_332_928L,
            487_786_496L,
            545_925_120L,
            512_369_664L,
            Map.of(
                "intermediate_size", 4096, "tie_word_embeddings", true, "num_key_value_heads", 16)),
        traced(
            "phi",
            QLORA,
            "5.7.0",
            313_501_184L,
            319_652_864L,
            268_112_896L,
            104_148_992L,
            Map.of("num_key_value_heads", 16, "partial_rotary_factor", 0.5)));
  }

  @SafeVarargs
  private static Arguments traced(
      String type,
      String flags,
      String version,
      long forward,
      long head,
      long layers,
      long step,
      Map<String, Object>... keys) {
    Map<String, Object> all = new HashMap<>();
    for (Map<String, Object> each : keys) {
      all.putAll(each);
    }
    return Arguments.of(type, flags, version, new long[] {forward, head, layers, step}, all);
  }
}
