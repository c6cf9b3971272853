package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.TraceReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever can be read can be estimated. */
class SupportedFamiliesTest {

  /** Every key that some family needs, so that each finds its own. */
  private static final Map<String, Object> KEYS = keys();

  /** Keys that mean something else, or nothing, in configs of other types. */
  private static final Map<String, Map<String, Object>> OWN =
      Map.of(
          "ernie4_5_vl_moe", Map.of("moe_intermediate_size", List.of(32, 16)),
          "ernie4_5_vl_moe_text", Map.of("moe_intermediate_size", List.of(32, 16)),
          "minicpmo", Map.of("version", "4.5", "init_tts", false),
          "minicpmv", Map.of("version", "2.6"));

  /** What encoder-decoders write, which others take for an answer among their tokens. */
  private static final String TARGET = " --completion-length 16";

  static Stream<String> types() {
    return Families.supported().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void every_supported_model_trains_in_full(String type) {
    TraceReading reading = Steps.read(model(type), "--method full --precision bf16" + TARGET);

    assertThat(reading.breakdown()).containsKeys(Category.WEIGHTS, Category.OPTIMIZER);
  }

  @ParameterizedTest
  @MethodSource("types")
  void every_supported_model_trains_with_adapters_and_checkpoints(String type) {
    Architecture model = model(type);
    boolean hasNone = model.extras().distances().filter(DistanceTable::ofHeads).isPresent();
    String checkpoints = " --checkpointing " + (hasNone ? "none" : "full");
    TraceReading reading =
        Steps.read(model, "--method lora --targets all-linear" + checkpoints + TARGET);

    assertThat(reading.breakdown()).containsKeys(Category.WEIGHTS, Category.ADAPTERS);
  }

  /** Mamba 1's kernel takes whole weights, and no other path of it is modelled of that version. */
  static Stream<String> quantisedTypes() {
    return types()
        .filter(
            type ->
                model(type).layers().stream()
                    .flatMap(run -> run.period().stream())
                    .noneMatch(
                        layer ->
                            layer.mixer() instanceof RecurrentMixer mixer
                                && mixer.kind() == RecurrentMixer.Kind.INNER_MAMBA));
  }

  @ParameterizedTest
  @MethodSource("quantisedTypes")
  void every_supported_model_trains_on_a_quantised_base_in_the_older_version(String type) {
    TraceReading reading =
        Steps.read(
            model(type),
            "--method qlora --targets all-linear --attention eager --transformers 4.57.6" + TARGET);

    assertThat(reading.breakdown()).containsKeys(Category.WEIGHTS, Category.ADAPTERS);
  }

  private static Architecture model(String type) {
    Map<String, Object> values = new HashMap<>(KEYS);
    values.putAll(OWN.getOrDefault(type, Map.of()));
    values.put("model_type", type);
    return Families.read(new ModelConfig("config.json", values));
  }

  private static Map<String, Object> keys() {
    Map<String, Object> values = new HashMap<>();
    put(values, 1024, "vocab_size", "vocab_size_per_layer_input");
    put(values, 64, "hidden_size", "n_embd", "d_model", "word_embed_proj_dim", "embedding_size");
    put(values, 6, "num_hidden_layers", "n_layer", "n_layers", "num_layers");
    put(values, 4, "num_attention_heads", "n_head", "n_heads", "num_heads", "mamba_n_heads");
    put(values, 2, "num_key_value_heads");
    put(values, 128, "intermediate_size", "ffn_dim", "ffn_hidden_size", "intermediate_size_mlp");
    put(values, 32, "moe_intermediate_size", "shared_expert_intermediate_size");
    put(values, 32, "shared_intermediate_size", "moe_shared_expert_intermediate_size");
    put(values, 4, "num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts");
    put(values, 2, "num_experts_per_tok", "moe_k", "moe_topk", "top_k_experts");
    put(values, 4, "encoder_attention_heads", "decoder_attention_heads");
    put(values, 2, "encoder_layers", "decoder_layers");
    put(values, 128, "encoder_ffn_dim", "decoder_ffn_dim");
    put(values, 512, "max_position_embeddings", "n_positions");
    values.put("relative_attention", true);
    values.put("share_att_key", true);
    values.put("norm_rel_ebd", "layer_norm");
    values.put("pos_att_type", "p2c|c2p");
    values.put("position_biased_input", false);
    values.put("hybrid_override_pattern", "M*-EME");
    values.put("ffn_config", Map.of("ffn_hidden_size", 32, "moe_num_experts", 4, "moe_top_k", 2));
    return Map.copyOf(values);
  }

  private static void put(Map<String, Object> values, int value, String... keys) {
    List.of(keys).forEach(key -> values.put(key, value));
  }
}
