package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.units.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What libraries that replace code go by: the type of the whole model. */
class LibraryReachTest {

  private static final LigerTraits.Loss NONE = LigerTraits.Loss.NONE;

  private static final String SIZES =
      " small num_experts=4 n_routed_experts=4 num_local_experts=4 num_experts_per_tok=2"
          + " moe_intermediate_size=32 intermediate_size_mlp=64 head_dim=16 ffn_dim=128";

  /** liger_kernel 0.8.5, MODEL_TYPE_TO_APPLY_LIGER_FN. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "ministral", "mistral", "qwen2", "qwen3", "deepseek_v3"})
  void liger_reaches_the_types_of_its_table(String type) {
    assertThat(read(type).traits().liger().loss()).isEqualTo(LigerTraits.Loss.FUSED_LINEAR);
  }

  /** Defaults of the functions in that table: {@code rms_norm}, {@code rope}, and the loss. */
  @ParameterizedTest
  @CsvSource({
    "deepseek_v2, true, false, FUSED_LINEAR",
    "deepseek_v3, true, false, FUSED_LINEAR",
    "deepseek_v4, true, false, FUSED_LINEAR",
    "exaone4, true, true, FUSED_LINEAR",
    "falcon_h1, true, true, FUSED_LINEAR",
    "gemma, true, true, FUSED_LINEAR",
    "gemma2, true, true, FUSED_LINEAR",
    "gemma3_text, true, true, FUSED_LINEAR",
    "gemma4_text, true, false, FUSED_LINEAR",
    "glm4, true, false, FUSED_LINEAR",
    "gpt_oss, true, true, FUSED_LINEAR",
    "granite, true, true, CROSS_ENTROPY",
    "hunyuan_v1_dense, true, true, FUSED_LINEAR",
    "llama, true, true, FUSED_LINEAR",
    "llama4_text, true, true, FUSED_LINEAR",
    "ministral, true, true, FUSED_LINEAR",
    "mistral, true, true, FUSED_LINEAR",
    "mixtral, true, true, FUSED_LINEAR",
    "nemotron, false, false, FUSED_LINEAR",
    "olmo2, true, true, FUSED_LINEAR",
    "olmo3, true, true, FUSED_LINEAR",
    "phi3, true, true, FUSED_LINEAR",
    "qwen2, true, true, FUSED_LINEAR",
    "qwen3, true, true, FUSED_LINEAR",
    "qwen3_moe, true, true, FUSED_LINEAR",
    "qwen3_5_text, true, false, FUSED_LINEAR",
    "smollm3, true, true, FUSED_LINEAR",
  })
  void text_types_of_the_table_have_what_their_functions_replace(
      String type, boolean norms, boolean rotary, LigerTraits.Loss loss) {
    LigerTraits liger = read(type).traits().liger();

    assertThat(liger.norms()).isEqualTo(norms);
    assertThat(liger.rotary()).isEqualTo(rotary);
    assertThat(liger.loss()).isEqualTo(loss);
  }

  @Test
  void deepseek_v4_keeps_its_mlp_and_the_norms_within_attention() {
    assertThat(read("deepseek_v4").traits().liger())
        .isEqualTo(new LigerTraits(true, false, true, false, false, LigerTraits.Loss.FUSED_LINEAR));
  }

  /** Each is written as a type of the table is, and has a name that is not in it. */
  @ParameterizedTest
  @ValueSource(
      strings = {"ministral3", "iquestcoder", "exaone", "kimi_k2", "qwen2_5_omni_text", "glm"})
  void a_type_that_liger_does_not_know_is_not_reached_though_its_code_is_known(String type) {
    assertThat(read(type).traits().liger()).isEqualTo(LigerTraits.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "llava, llama, FUSED_LINEAR",
    "muse_glimmer, muse_glimmer_text, FUSED_LINEAR",
    "glm4v, glm4v_text, FUSED_LINEAR",
    "glm46v, glm4v_text, NONE",
    "voxtral, llama, NONE",
    "llava_next, mistral, NONE",
    "gemma3n, gemma3n_text, NONE",
  })
  void a_model_with_encoders_is_reached_by_its_own_type(
      String type, String text, LigerTraits.Loss loss) {
    assertThat(wrapped(type, text).traits().liger().loss()).isEqualTo(loss);
  }

  @Test
  void an_encoder_of_a_type_that_liger_does_not_know_is_not_reached() {
    Architecture t5 = Configs.read("t5 1000 d_model=64 d_ff=128 num_layers=2 num_heads=4 d_kv=16");

    assertThat(t5.traits().liger().loss()).isEqualTo(NONE);
    assertThat(t5.encoder().orElseThrow().stack().traits().liger()).isEqualTo(LigerTraits.NONE);
  }

  /** unsloth_zoo/compiler.py finds nothing in these forward passes to put its loss in for. */
  @ParameterizedTest
  @CsvSource({
    "opt, 5.24.0, true",
    "gptj, 4.57.0, true",
    "gptj, 5.0.0, false",
    "stablelm, 5.3.0, true",
    "stablelm, 5.4.0, false",
    "starcoder2, 5.0.0, false",
    "granitemoe, 5.24.0, true",
    "granite, 5.24.0, false",
  })
  void some_forward_passes_keep_the_loss_they_are_written_with(
      String type, String version, boolean keeps) {
    assertThat(holds(read(type), version)).isEqualTo(keeps);
  }

  @Test
  void the_loss_of_a_model_with_encoders_is_not_that_of_its_text_model() {
    assertThat(holds(wrapped("llama4", "llama4_text"), "5.24.0")).isTrue();
    assertThat(holds(wrapped("llava", "falcon_h1"), "5.24.0")).isFalse();
  }

  private static boolean holds(Architecture model, String version) {
    Versions unusual = model.traits().loss().unusual();
    return unusual.contains(Version.parse(version));
  }

  private static Architecture read(String type) {
    return Configs.read(type + SIZES);
  }

  private static Architecture wrapped(String type, String text) {
    return Configs.read(type + " text_config={ model_type=" + text + SIZES + " }");
  }
}
