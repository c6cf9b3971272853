package dev.vramcast.core.architecture.family;

import static dev.vramcast.core.architecture.Configs.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.ModelClass;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.input.InputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FamiliesTest {

  private static final Map<String, Object> SIZES =
      Map.of(
          "hidden_size", 64,
          "intermediate_size", 128,
          "num_hidden_layers", 4,
          "num_attention_heads", 4,
          "vocab_size", 100);

  @Test
  void the_supported_types_are_sorted_and_unmodifiable() {
    assertThat(List.copyOf(Families.supported()))
        .contains("llama", "gpt2", "qwen3_5_moe")
        .isSorted();
    assertThatThrownBy(() -> Families.supported().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  /** Their {@code _tied_weights_keys} are empty. */
  @ParameterizedTest
  @CsvSource({
    "nemotron_h small hybrid_override_pattern=M* head_dim=16, false",
    "llama small, true",
  })
  void a_head_is_tied_where_the_class_of_the_model_ties_what_its_config_asks_for(
      String model, boolean tied) {
    assertThat(read(model + " tie_word_embeddings=true").head().tied()).isEqualTo(tied);
  }

  /** transformers/models/auto/modeling_auto.py MODEL_FOR_CAUSAL_LM_MAPPING_NAMES. */
  @ParameterizedTest
  @CsvSource({
    "qwen3_5, PUBLISHED, qwen3_5",
    "qwen3_5, CAUSAL_LM, qwen3_5_text",
    "qwen3_5, TEXT, qwen3_5_text",
    "gemma3, CAUSAL_LM, gemma3",
    "gemma3, TEXT, gemma3_text",
    "llama, TEXT, llama",
  })
  void a_class_of_language_models_takes_what_its_type_has_apart(
      String type, ModelClass loaded, String found) {
    ModelConfig part = Families.loaded(type.equals("llama") ? text(type) : whole(type), loaded);

    assertThat(part.text("model_type", "")).isEqualTo(found);
  }

  @Test
  void a_model_that_the_class_of_language_models_does_not_load_is_refused() {
    ModelConfig config = whole("qwen2_5_vl");

    assertThat(Families.loaded(config, ModelClass.TEXT).text("model_type", ""))
        .isEqualTo("qwen2_5_vl_text");
    assertThatThrownBy(() -> Families.loaded(config, ModelClass.CAUSAL_LM))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "config.json: model_type is 'qwen2_5_vl', for which AutoModelForCausalLM has no class");
  }

  /** A small model with a tower. */
  private static ModelConfig whole(String type) {
    Map<String, Object> tower = Map.of("hidden_size", 64, "num_attention_heads", 4);
    Map<String, Object> parts = Map.of("text_config", SIZES, "vision_config", tower);
    return text(type).with(parts);
  }

  private static ModelConfig text(String type) {
    return new ModelConfig("config.json", SIZES).with(Map.of("model_type", type));
  }

  /** A quantised checkpoint names what it keeps in 16 bits beside the parts. */
  @Test
  void what_a_checkpoint_keeps_is_known_of_its_language_model_too() {
    Map<String, Object> stored = Map.of("llm_int8_skip_modules", List.of("lm_head"));
    ModelConfig config =
        new ModelConfig(
            "config.json",
            Map.of("model_type", "gemma3", "text_config", Map.of(), "quantization_config", stored));

    assertThat(Families.loaded(config, ModelClass.TEXT).nested("quantization_config")).isPresent();
  }

  /** XLMRobertaXLOutput adds what its linear gives as it is. */
  @Test
  void mlps_of_xlm_roberta_xl_drop_nothing() {
    DecoderLayer layer = read("xlm-roberta-xl small").distinctLayers().iterator().next();

    assertThat(layer.dropout().mlp()).isEmpty();
    assertThat(layer.dropout().mixer()).hasValue(0.1);
  }

  @Test
  void an_unknown_type_is_named_with_the_nearest_known_one_and_the_way_out() {
    assertThatThrownBy(() -> read("lama small"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("config.json: model_type is 'lama', which is not known")
        .hasMessageContaining("Did you mean 'llama'?")
        .hasMessageContaining(" lfm2, lfm2_moe, ")
        .hasMessageContaining(" other types; ")
        .hasMessageContaining("--params")
        .message()
        .doesNotContain("\n")
        .hasSizeLessThan(400);
  }

  @Test
  void an_unknown_type_like_none_is_told_how_many_there_are() {
    assertThatThrownBy(() -> read("(a small"))
        .hasMessageContaining("model_type is '(a', which is not known, allowed: ")
        .hasMessageContaining(" types, such as llama; ");
  }

  @Test
  void a_config_without_a_type_is_an_error() {
    assertThatThrownBy(() -> read("hidden_size=64"))
        .isInstanceOf(InputException.class)
        .hasMessage("config.json: model_type is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vocab_size",
        "hidden_size",
        "intermediate_size",
        "num_hidden_layers",
        "num_attention_heads"
      })
  void a_missing_size_is_named(String key) {
    assertThatThrownBy(() -> read("llama small " + key + "=absent"))
        .isInstanceOf(InputException.class)
        .hasMessage("config.json: " + key + " is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "llama small num_key_value_heads=3 | attention heads is 4, which is not a multiple of"
            + " key-value heads 3",
        "llama small hidden_size=66 | hidden size is 66, which is not a multiple"
            + " of attention heads 4",
        "llama small num_hidden_layers=10001 | num_hidden_layers is 10001, allowed: at most"
            + " 10000",
        "llama small num_hidden_layers=0 | num_hidden_layers is 0, allowed: a whole number",
        "llama small hidden_size=-64 | hidden_size is -64, allowed: a whole number",
        "llama small hidden_size=64.5 | hidden_size is 64.5, allowed: a whole number",
        "llama small hidden_act=siluu | hidden_act is 'siluu', an activation this program does"
            + " not know. Did you mean 'silu'?",
        "mixtral small num_local_experts=2 num_experts_per_tok=3 | num_local_experts is 2, but a"
            + " token takes 3",
        "olmoe small num_experts=100000 num_experts_per_tok=2 | num_experts is 100000,"
            + " allowed: at most 65536",
        "gemma3_text small layer_types=[full_attention] | layer_types has 1 entries for 6"
            + " layers",
        "nemotron_h small hybrid_override_pattern=MXM | hybrid_override_pattern is 'MXM',"
            + " allowed: one of",
        "phi small partial_rotary_factor=2 | partial_rotary_factor is 2.0, allowed: a number"
            + " from 0 to 1",
      })
  void values_that_contradict_each_other_are_one_line_errors(String config, String message) {
    assertThatThrownBy(() -> read(config))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("config.json: ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama small hidden_size=2147483648 intermediate_size=2147483648",
        "llama small num_hidden_layers=10000 hidden_size=1048576 intermediate_size=16777216",
        "mixtral small num_local_experts=65536 num_experts_per_tok=1 hidden_size=2147483648"
            + " head_dim=64",
        "deepseek_v2 small num_experts_per_tok=1 moe_intermediate_size=8 n_routed_experts=8"
            + " v_head_dim=2147483648",
      })
  void absurd_sizes_are_errors(String config) {
    assertThatThrownBy(() -> read(config))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("any model");
  }

  @Test
  void embeddings_are_tied_as_the_config_class_says_when_the_key_is_absent() {
    assertThat(List.of("gemma small", "gemma2 small", "gemma3_text small", "starcoder2 small"))
        .allMatch(config -> read(config).head().tied());
    assertThat(List.of("llama small", "mistral small", "qwen2 small", "qwen3 small", "phi3 small"))
        .noneMatch(config -> read(config).head().tied());
  }

  @Test
  void a_reward_model_has_a_score_in_place_of_the_head() {
    Head head =
        read("qwen2 small architectures=[Qwen2ForSequenceClassification] num_labels=1").head();

    assertThat(head.kind()).isEqualTo(Head.Kind.SEQUENCE_CLASSIFICATION);
    assertThat(head.linears()).containsExactly(new Linear("score", 64, 1, false));
  }

  @Test
  void labels_are_counted_by_their_names() {
    Head head =
        read("llama small architectures=[LlamaForSequenceClassification] id2label={x=A y=B z=C}")
            .head();

    assertThat(head.linears().get(0).out()).isEqualTo(3);
  }

  @Test
  void a_text_config_inherits_what_its_wrapper_says_of_tying() {
    Architecture architecture =
        read("qwen3_vl tie_word_embeddings=true text_config={qwen3_vl_text small}");

    assertThat(architecture.head().tied()).isTrue();
    assertThat(architecture.layerPath()).isEqualTo("model.language_model.layers");
    assertThat(architecture.modelType()).isEqualTo("qwen3_vl");
  }

  @Test
  void qwen_1_splits_its_intermediate_size_between_gate_and_up() {
    DecoderLayer layer =
        read("qwen small kv_channels=16 num_key_value_heads=absent")
            .layers()
            .get(0)
            .period()
            .get(0);

    GatedMlp mlp = (GatedMlp) layer.mlp();
    assertThat(mlp.intermediateSize()).isEqualTo(80);
    assertThat(mlp.linears())
        .extracting(Linear::name)
        .containsExactly("mlp.w2", "mlp.w1", "mlp.c_proj");
    assertThat(layer.mixer().linears())
        .containsExactly(
            new Linear("attn.c_attn", 64, 192, true), new Linear("attn.c_proj", 64, 64, false));
  }
}
