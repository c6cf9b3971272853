package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.traits.ModelTraits.ClassHeads;
import dev.vramcast.core.architecture.traits.Versions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which releases of Transformers have a model with a head over classes. */
class ClassHeadsTest {

  private static final String SIZES =
      " small num_experts=4 n_routed_experts=4 num_local_experts=4 num_experts_per_tok=2"
          + " moe_intermediate_size=32 intermediate_size_mlp=64 head_dim=16 ffn_dim=128"
          + " moe_num_experts=4";

  private static final ClassHeads NONE = new ClassHeads(Versions.NONE, Versions.NONE);
  private static final ClassHeads ALL = new ClassHeads(Versions.ALL, Versions.ALL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bailing_hybrid",
        "exaone",
        "hyperclovax",
        "iquestcoder",
        "kimi_linear",
        "lara_mini",
        "sarvam_mla",
        "sarvam_moe"
      })
  void types_that_transformers_runs_without_code_from_the_hub_have_what_it_has(String type) {
    assertThat(heads(read(type))).isEqualTo(NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cohere", "cwm", "lfm2", "jais2", "aria_text", "ernie4_5", "granitemoe"})
  void some_language_models_have_no_class_with_such_a_head(String type) {
    assertThat(heads(read(type))).isEqualTo(NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt", "gptj", "phimoe", "jamba", "minicpm3", "hunyuan_v1_dense"})
  void some_have_one_for_sequences_alone(String type) {
    assertThat(heads(read(type))).isEqualTo(new ClassHeads(Versions.ALL, Versions.NONE));
  }

  @Test
  void one_has_a_class_for_tokens_alone() {
    assertThat(heads(read("apertus"))).isEqualTo(new ClassHeads(Versions.NONE, Versions.ALL));
  }

  /** All but Llama are read as a type of which not every release has such classes. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "kimi_k2", "paddleocr_vl_text", "internlm3"})
  void what_a_family_does_not_state_is_that_every_release_has_both(String type) {
    assertThat(heads(read(type))).isEqualTo(ALL);
  }

  @Test
  void later_releases_have_them_for_more_models() {
    assertThat(heads(read("olmo3"))).isEqualTo(new ClassHeads(Versions.since(5, 6), Versions.NONE));
    assertThat(heads(read("deepseek_v3")))
        .isEqualTo(new ClassHeads(Versions.since(4, 56), Versions.since(4, 57)));
  }

  @ParameterizedTest
  @CsvSource({"aria, aria_text", "llava, olmoe", "lfm2_vl, lfm2"})
  void a_model_with_encoders_does_not_go_by_its_text_model(String type, String text) {
    assertThat(heads(wrapped(type, text))).isEqualTo(ALL);
  }

  @Test
  void a_model_with_encoders_states_its_own() {
    assertThat(heads(wrapped("gemma3", "gemma3_text")))
        .isEqualTo(new ClassHeads(Versions.since(4, 54), Versions.NONE));
    assertThat(heads(read("gemma3_text")))
        .isEqualTo(new ClassHeads(Versions.since(4, 57), Versions.NONE));
    assertThat(heads(wrapped("qwen3_5", "qwen3_5_text")))
        .isEqualTo(new ClassHeads(Versions.since(5, 3), Versions.since(5, 12)));
    assertThat(heads(wrapped("llama4", "llama4_text"))).isEqualTo(NONE);
  }

  private static ClassHeads heads(Architecture model) {
    return model.traits().source().heads();
  }

  private static Architecture read(String type) {
    return Configs.read(type + SIZES);
  }

  private static Architecture wrapped(String type, String text) {
    return Configs.read(type + " text_config={ model_type=" + text + SIZES + " }");
  }
}
