package dev.vramcast.core.architecture;

import static dev.vramcast.core.architecture.Configs.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What differs from layer to layer. */
class LayerPatternTest {

  @ParameterizedTest
  @CsvSource({
    "mistral small, ssssss",
    "mistral small sliding_window=null, ffffff",
    "ministral3 small, ffffff",
    "mixtral small num_local_experts=4, ffffff",
    "phi3 small sliding_window=2047, ssssss",
    "qwen2 small sliding_window=128, ffffff",
    "qwen2 small use_sliding_window=true max_window_layers=2, ffssss",
    "qwen3 small use_sliding_window=true, ffffff",
    "gemma2 small, sfsfsf",
    "gemma3_text small, sssssf",
    "gemma3_text small sliding_window_pattern=3, ssfssf",
    "gemma4_text small, sssssf",
    "cohere2 small, sssfss",
    "olmo2 small, ffffff",
    "olmo3 small, sssfss",
    "gpt_oss small num_local_experts=4, sfsfsf",
    "exaone4 small, sssfss",
    "exaone4 small sliding_window_pattern=LLG, ssfssf",
    "exaone4 small sliding_window=null, ffffff",
    "llama4_text small num_local_experts=4 intermediate_size_mlp=96, sssfss",
    "modernbert small architectures=[ModernBertModel], fssfss",
    "gpt_neo small num_layers=6 num_heads=4, fsfsfs",
  })
  void windows_follow_the_config_class(String config, String expected) {
    assertThat(letters(config, layer -> window(layer) > 0 ? "s" : "f")).isEqualTo(expected);
  }

  @Test
  void layer_types_decide_when_present() {
    String types =
        " layer_types=[full_attention sliding_attention full_attention full_attention"
            + " full_attention sliding_attention]";

    assertThat(letters("gemma2 small" + types, layer -> window(layer) > 0 ? "s" : "f"))
        .isEqualTo("fsfffs");
  }

  @ParameterizedTest
  @CsvSource({
    "smollm3 small, rrrnrr",
    "llama4_text small num_local_experts=4 intermediate_size_mlp=96, rrrnrr",
    "cohere2 small, rrrnrr",
    "exaone4 small, rrrnrr",
    "mpt n_layers=2 n_heads=4 d_model=64 vocab_size=10, nn",
  })
  void some_layers_have_no_rotary_embedding(String config, String expected) {
    assertThat(
            letters(
                config,
                layer ->
                    ((Attention) layer.mixer()).rotary().style() == Rotary.Style.NONE ? "n" : "r"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2_moe small num_experts=4 num_experts_per_tok=2 moe_intermediate_size=8"
        + " shared_expert_intermediate_size=8 decoder_sparse_step=2 mlp_only_layers=[1], dddede",
    "deepseek_v3 small n_routed_experts=4 num_experts_per_tok=2 moe_intermediate_size=8, dddeee",
    "deepseek_v2 small n_routed_experts=4 num_experts_per_tok=2 moe_intermediate_size=8, eeeeee",
    "deepseek_v2 small n_routed_experts=4 num_experts_per_tok=2 moe_intermediate_size=8"
        + " first_k_dense_replace=1 moe_layer_freq=2, ddeded",
    "glm4_moe small n_routed_experts=4 num_experts_per_tok=2 moe_intermediate_size=8, deeeee",
    "llama4_text small num_local_experts=4 intermediate_size_mlp=96"
        + " interleave_moe_layer_step=2, dedede",
    "llama4_text small num_local_experts=4 intermediate_size_mlp=96 moe_layers=[0 5], edddde",
    "lfm2_moe small num_experts=4 moe_intermediate_size=8, ddeeee",
    "jamba small num_hidden_layers=8 num_experts=4, dededede",
  })
  void experts_stand_where_the_config_class_puts_them(String config, String expected) {
    assertThat(letters(config, layer -> layer.mlp() instanceof MixtureOfExperts ? "e" : "d"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3_5_text small, rrrarr",
    "qwen3_5_text small full_attention_interval=2, rarara",
    "lfm2 small full_attn_idxs=[2 4], rrarar",
    "lfm2 small, aaaaaa",
    "jamba small num_hidden_layers=8 num_experts=1, rrrrarrr",
    "nemotron_h small hybrid_override_pattern=MMMM*-M, rrrra-r",
    "granitemoehybrid small num_local_experts=0"
        + " layer_types=[mamba attention mamba mamba attention mamba], rarrar",
  })
  void recurrence_and_attention_alternate(String config, String expected) {
    assertThat(
            letters(
                config,
                layer ->
                    layer.mixer() instanceof RecurrentMixer
                        ? "r"
                        : layer.mixer() instanceof Attention ? "a" : "-"))
        .isEqualTo(expected);
  }

  @Test
  void falcon_reads_one_or_two_norms_in_parallel() {
    String sizes = "falcon hidden_size=64 num_hidden_layers=2 num_attention_heads=4 vocab_size=10";
    DecoderLayer seven = read(sizes).layers().get(0).period().get(0);
    DecoderLayer forty =
        read(sizes + " new_decoder_architecture=true num_kv_heads=2")
            .layers()
            .get(0)
            .period()
            .get(0);

    assertThat(List.of(seven, forty))
        .extracting(DecoderLayer::wiring)
        .containsOnly(DecoderLayer.Wiring.PARALLEL_SUM);
    assertThat(seven.beforeMlp()).isEmpty();
    assertThat(((Attention) seven.mixer()).kvHeads()).isEqualTo(1);
    assertThat(forty.beforeMlp()).get().extracting(Norm::name).isEqualTo("ln_mlp");
    assertThat(((Attention) forty.mixer()).kvHeads()).isEqualTo(2);
  }

  @Test
  void gemma_4_shares_keys_and_values_at_the_end() {
    String config = "gemma4_text small num_hidden_layers=12 num_kv_shared_layers=2";

    assertThat(letters(config, layer -> "" + ((Attention) layer.mixer()).qkv().size()))
        .isEqualTo("333333333311");
    assertThat(letters(config, layer -> ((Attention) layer.mixer()).fusedQkv() ? "f" : "-"))
        .isEqualTo("------------");
  }

  @Test
  void the_last_layer_of_each_kind_in_front_of_those_that_read_others_hands_its_keys_on() {
    String config = "gemma4_text small num_hidden_layers=12 num_kv_shared_layers=";

    assertThat(letters(config + 2, layer -> handsOn(layer, 6))).isEqualTo("-----x---x--");
    assertThat(letters(config + 0, layer -> handsOn(layer, 6))).isEqualTo("----------xx");
    assertThat(letters(config + 12, layer -> handsOn(layer, 6))).isEqualTo("------------");
    assertThat(letters(config + 0, layer -> handsOn(layer, 5))).isEqualTo("------------");
  }

  private static String handsOn(DecoderLayer layer, int minor) {
    return ((Attention) layer.mixer()).handsOn().contains(Version.of(5, minor)) ? "x" : "-";
  }

  private static int window(DecoderLayer layer) {
    return ((Attention) layer.mixer()).slidingWindow();
  }

  /** A letter for each layer. */
  private static String letters(String config, Function<DecoderLayer, String> letter) {
    StringBuilder letters = new StringBuilder();
    for (LayerRun run : read(config).layers()) {
      IntStream.range(0, run.times())
          .forEach(i -> run.period().forEach(layer -> letters.append(letter.apply(layer))));
    }
    return letters.toString();
  }
}
