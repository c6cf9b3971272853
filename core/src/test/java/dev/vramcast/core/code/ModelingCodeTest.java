package dev.vramcast.core.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.HeadSharing;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.RotaryTraits;
import dev.vramcast.core.units.Version;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What families state, as it is in a version. */
class ModelingCodeTest {

  private static final String SIZES = " 512 64 128 2 4 2 max_position_embeddings=128";
  private static final String GPT_SIZES = " vocab_size=512 n_embd=64 n_layer=2 n_head=4";
  private static final String EXPERTS =
      " num_experts=4 num_local_experts=4 n_routed_experts=4 num_experts_per_tok=2"
          + " moe_intermediate_size=32 shared_expert_intermediate_size=32 v_head_dim=16";

  private static ModelingCode code(String model, String version) {
    return new ModelingCode(Configs.read(model).traits(), Version.parse(version));
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 4.45.2, IN_MODEL",
    "llama, 4.46.0, IN_LOSS",
    "mistral, 4.47.1, IN_MODEL",
    "mistral, 4.48.0, IN_LOSS",
    "starcoder2, 4.46.3, IN_MODEL",
    "starcoder2, 4.47.0, IN_LOSS",
    "gpt_neox, 4.48.3, NEVER",
    "gpt_neox, 4.49.0, IN_LOSS",
    "falcon, 4.48.2, NEVER",
    "falcon, 4.48.3, IN_LOSS",
    "stablelm, 4.48.2, NEVER",
    "stablelm, 4.48.3, IN_LOSS",
    "persimmon, 4.45.2, NEVER",
    "gptj, 4.46.3, IN_MODEL",
    "gptj, 4.57.6, IN_MODEL",
    "gptj, 5.0.0, IN_LOSS",
    "codegen, 4.57.6, IN_MODEL",
    "bert, 5.0.0, NEVER",
  })
  void logits_become_fp32_where_the_version_does_it(
      String type, String version, LossUpcast upcast) {
    assertThat(code(type + SIZES, version).lossUpcast()).isEqualTo(upcast);
  }

  /** As {@code position_embeddings[layer_type]} of their forward passes. */
  @ParameterizedTest
  @CsvSource({
    "gemma3_text, true",
    "gemma4_text, true",
    "laguna, true",
    "mellum, true",
    "modernbert, true",
    "olmo3, true",
    "cohere2, false",
    "ministral, false",
  })
  void rotary_tables_are_made_for_each_type_of_layers(String type, boolean byType) {
    ModelingCode code = code(type + SIZES + EXPERTS, "5.24.0");

    assertThat(code.rotates(each -> each.tables().byType())).isEqualTo(byType);
  }

  /**
   * Columns: the type, a version, who makes cosines and sines, who keeps those of all positions.
   */
  @ParameterizedTest
  @CsvSource({
    "llama, 4.40.2, layers, layers",
    "llama, 4.42.4, layers, none",
    "llama, 4.43.0, model, none",
    "mistral, 4.41.2, layers, layers",
    "mistral, 4.47.1, layers, none",
    "mistral, 4.48.0, model, none",
    "gemma, 4.47.1, layers, none",
    "phi3, 4.48.0, model, none",
    "qwen2, 4.44.2, layers, layers",
    "qwen2, 4.45.0, model, none",
  })
  void older_layers_made_rotary_tables_themselves(
      String type, String version, String makes, String keeps) {
    ModelingCode code = code(type + SIZES, version);

    assertThat(code.rotates(each -> each.tables().byLayer())).isEqualTo(makes.equals("layers"));
    assertThat(code.rotates(RotaryTraits::layerTables)).isEqualTo(keeps.equals("layers"));
  }

  /** Columns: the type, a version, and whether the embedding's own class scales its rows. */
  @ParameterizedTest
  @CsvSource({
    "minicpm3, 5.12.0, false",
    "minicpm3, 5.13.0, true",
    "gemma4_text, 5.24.0, true",
    "granite, 5.24.0, false",
  })
  void embeddings_scale_their_rows_where_the_class_does_it(
      String type, String version, boolean scales) {
    assertThat(code(type + SIZES, version).scalesInEmbedding()).isEqualTo(scales);
  }

  @Test
  void olmo_rotated_as_llama_until_4_52() {
    assertThat(code("olmo" + SIZES, "4.51.3").rotaryCode()).isEqualTo(RotaryCode.LLAMA);
    assertThat(code("olmo" + SIZES, "4.52.0").rotaryCode()).isEqualTo(RotaryCode.TABLES_IN_FP32);
  }

  @Test
  void gpt_neox_kept_a_mask_in_every_layer_until_4_49() {
    assertThat(code("gpt_neox" + SIZES, "4.48.3").keepsMaskPerLayer()).isTrue();
    assertThat(code("gpt_neox" + SIZES, "4.49.0").keepsMaskPerLayer()).isFalse();
  }

  /** Columns: the type, a version, and whether Unsloth's fused loss takes the place of its own. */
  @ParameterizedTest
  @CsvSource({
    "llama, 5.7.0, true",
    "falcon, 5.7.0, false",
    "gpt_neox, 5.13.0, false",
    "gpt_neox, 5.14.0, true",
    "stablelm, 5.3.0, false",
    "stablelm, 5.4.0, true",
  })
  void a_rewritten_forward_pass_has_a_fused_loss_where_its_text_is_the_usual_one(
      String type, String version, boolean fused) {
    assertThat(code(type + SIZES, version).traits().loss().unusual())
        .matches(own -> own.contains(Version.parse(version)) != fused);
  }

  @Test
  void falcon_has_linears_of_its_own_which_bitsandbytes_leaves_alone_from_5_5() {
    String falcon = "falcon" + SIZES;

    assertThat(code(falcon, "5.4.0").quantisesLinears()).isTrue();
    assertThat(code(falcon, "5.5.0").quantisesLinears()).isFalse();
    assertThat(code("bloom" + SIZES, "5.5.0").quantisesLinears()).isTrue();
  }

  @Test
  void falcon_builds_a_mask_where_sdpa_needs_none_from_5_15() {
    String falcon = "falcon" + SIZES;

    assertThat(code(falcon, "5.14.0").alwaysMasks()).isFalse();
    assertThat(code(falcon, "5.15.0").alwaysMasks()).isTrue();
    assertThat(code(falcon + " alibi=true", "4.57.6").alwaysMasks()).isTrue();
  }

  @Test
  void falcons_heads_are_shared_as_its_kind_of_projection_says() {
    assertThat(code("falcon" + SIZES, "5.24.0").headSharing()).isEqualTo(HeadSharing.BROADCAST);
    assertThat(code("falcon" + SIZES + " multi_query=false", "5.24.0").headSharing())
        .isEqualTo(HeadSharing.INTERFACE);
    assertThat(code("falcon" + SIZES + " new_decoder_architecture=true", "5.24.0").headSharing())
        .isEqualTo(HeadSharing.SPLIT);
  }

  @Test
  void granites_experts_kept_a_loss_of_their_own_until_5() {
    String granite = "granitemoe" + SIZES + EXPERTS;

    assertThat(code(granite, "4.57.6").lossUpcast()).isEqualTo(LossUpcast.IN_MODEL);
    assertThat(code(granite, "5.0.0").lossUpcast()).isEqualTo(LossUpcast.IN_LOSS);
  }

  @Test
  void gemma_3_takes_logits_out_by_the_mask_until_5_17() {
    String gemma = "gemma3 text_config={gemma3_text" + SIZES + "} vision_config={hidden_size=72}";

    assertThat(code(gemma, "5.16.0").shiftsByMask()).isTrue();
    assertThat(code(gemma, "5.16.0").lossUpcast()).isEqualTo(LossUpcast.IN_MODEL);
    assertThat(code(gemma, "5.17.0").shiftsByMask()).isFalse();
    assertThat(code("gemma3_text" + SIZES, "4.57.6").shiftsByMask()).isFalse();
  }

  @Test
  void granites_experts_are_split_until_they_are_stacked_in_5_13() {
    String granite = "granitemoe" + SIZES + EXPERTS;

    assertThat(code(granite, "4.57.6").mixture().splitsExperts()).isTrue();
    assertThat(code(granite, "5.12.0").mixture().splitsExperts()).isTrue();
    assertThat(code(granite, "5.12.0").mixture().bareRouter()).isFalse();
    assertThat(code(granite, "5.13.0").mixture().splitsExperts()).isFalse();
    assertThat(code(granite, "5.13.0").mixture().bareRouter()).isTrue();
  }

  /** As {@code self.router = nn.Linear(…)} became a module with a weight. */
  @Test
  void routers_are_bare_weights_from_the_release_that_made_them_so() {
    String jamba = "jamba small num_experts=4";
    String aria = "aria_text" + SIZES + " moe_num_experts=4";
    String hunyuan = "hunyuan_v1_moe" + SIZES + " num_experts=4 moe_topk=2";

    assertThat(code(jamba, "5.20.0").mixture().bareRouter()).isFalse();
    assertThat(code(jamba, "5.21.0").mixture().bareRouter()).isTrue();
    assertThat(code(aria, "5.17.0").mixture().bareRouter()).isFalse();
    assertThat(code(aria, "5.18.0").mixture().bareRouter()).isTrue();
    assertThat(code(hunyuan, "5.24.0").mixture().bareRouter()).isFalse();
  }

  /** As {@code dtype=torch.float32} of the weight in their {@code *TopkRouter}s. */
  @ParameterizedTest
  @CsvSource({
    "deepseek_v3, 5.23.0, false",
    "deepseek_v3, 5.24.0, true",
    "glm4_moe, 5.23.0, false",
    "glm4_moe, 5.24.0, true",
    "mimo_v2_flash, 5.23.0, false",
    "mimo_v2_flash, 5.24.0, true",
    "mistral4, 5.24.0, false",
    "qwen3_moe, 5.24.0, false",
    "ernie4_5_moe, 4.57.6, true",
    "hunyuan_v1_moe, 4.57.6, true",
    "hunyuan_v1_moe, 5.24.0, true",
  })
  void routers_are_in_fp32_where_their_classes_make_them_so(
      String type, String version, boolean wide) {
    String more = " moe_num_experts=4 moe_topk=2 moe_k=2 swa_num_attention_heads=4";
    String model = type + SIZES + EXPERTS + more;

    assertThat(code(model, version).mixture().keepsRouterInFp32()).isEqualTo(wide);
  }

  @Test
  void latent_keys_and_values_have_a_name_until_attention_returns_from_5_15() {
    assertThat(code("deepseek_v3" + SIZES + EXPERTS, "5.14.0").namesLatent()).isFalse();
    assertThat(code("deepseek_v3" + SIZES + EXPERTS, "5.15.0").namesLatent()).isTrue();
  }

  @Test
  void hunyuans_routing_weights_are_in_the_dtype_of_their_scores_from_5_13() {
    String hunyuan = "hunyuan_v1_moe" + SIZES + " num_experts=4 moe_topk=2";

    assertThat(code(hunyuan, "5.12.1").mixture().castsWeightsToScores()).isFalse();
    assertThat(code(hunyuan, "5.13.0").mixture().castsWeightsToScores()).isTrue();
  }

  @Test
  void bigcode_ignored_checkpointing_in_a_few_releases() {
    String model = "gpt_bigcode" + GPT_SIZES;

    assertThat(code(model, "4.53.0").checkpointsLayers()).isTrue();
    assertThat(code(model, "4.57.6").checkpointsLayers()).isFalse();
    assertThat(code(model, "5.0.0").checkpointsLayers()).isTrue();
    assertThat(code(model, "4.53.0").returnsCacheFromCheckpoints()).isTrue();
    assertThat(code(model, "4.54.0").returnsCacheFromCheckpoints()).isFalse();
    assertThat(code(model + " use_cache=false", "4.53.0").returnsCacheFromCheckpoints()).isFalse();
  }

  @Test
  void starcoder2_ignored_checkpointing_from_4_48_to_4_51() {
    String model = "starcoder2" + SIZES;

    assertThat(code(model, "4.47.1").checkpointsLayers()).isTrue();
    assertThat(code(model, "4.48.0").checkpointsLayers()).isFalse();
    assertThat(code(model, "4.51.3").checkpointsLayers()).isFalse();
    assertThat(code(model, "4.52.0").checkpointsLayers()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 4.52.4, 4.53.0",
    "qwen2_moe, 4.57.6, 5.0.0",
    "olmoe, 4.57.6, 5.0.0",
    "phimoe, 4.57.6, 5.0.0",
    "granitemoe, 4.57.6, 5.0.0",
    "nemotron, 5.1.0, 5.2.0",
    "stablelm, 5.1.0, 5.2.0",
    "falcon, 5.1.0, 5.2.0",
    "opt, 5.1.0, 5.2.0",
  })
  void masks_are_additive_until_a_model_leaves_them_to_all_models_code(
      String type, String last, String first) {
    String model = type + SIZES + EXPERTS + " ffn_dim=128";

    assertThat(code(model, last).booleanMasks()).isFalse();
    assertThat(code(model, first).booleanMasks()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "gemma2, 4.52.4, 4.53.0",
    "gemma3_text, 4.52.4, 4.53.0",
    "cohere2, 4.52.4, 4.53.0",
    "gpt_bigcode, 4.53.3, 4.54.0",
  })
  void some_models_built_a_mask_even_where_sdpa_needs_none(String type, String last, String first) {
    String model = type + (type.startsWith("gpt") ? GPT_SIZES : SIZES);

    assertThat(code(model, last).alwaysMasks()).isTrue();
    assertThat(code(model, first).alwaysMasks()).isFalse();
  }

  @Test
  void opt_clamped_scores_until_4_49() {
    assertThat(code("opt" + SIZES + " ffn_dim=128", "4.48.3").softmax()).isEqualTo(Softmax.OWN);
    assertThat(code("opt" + SIZES + " ffn_dim=128", "4.49.0").softmax()).isEqualTo(Softmax.FP32);
  }

  @Test
  void gpt2_kept_a_mask_in_each_layer_until_5_2() {
    assertThat(code("gpt2" + GPT_SIZES, "5.1.0").keepsMaskPerLayer()).isTrue();
    assertThat(code("gpt2" + GPT_SIZES, "5.2.0").keepsMaskPerLayer()).isFalse();
    assertThat(code("gpt_bigcode" + GPT_SIZES, "5.0.0").keepsMask()).isTrue();
  }

  @Test
  void peft_moves_the_targets_of_qwen2s_experts_from_5_0_to_5_5() {
    String model = "qwen2_moe" + SIZES + EXPERTS;

    assertThat(code(model, "4.57.6").losesAdapter("up_proj")).isFalse();
    assertThat(code(model, "5.1.0").losesAdapter("up_proj")).isTrue();
    assertThat(code(model, "5.1.0").losesAdapter("o_proj")).isFalse();
    assertThat(code(model, "5.5.0").losesAdapter("up_proj")).isTrue();
    assertThat(code(model, "5.6.0").losesAdapter("up_proj")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "mixtral, 5.8.0, true",
    "qwen3_moe, 5.1.0, true",
    "qwen3_moe, 5.2.0, false",
    "qwen3_moe, 4.57.6, false",
    "deepseek_v2, 4.57.6, true",
  })
  void routers_return_fp32_weights_in_some_versions(String type, String version, boolean wide) {
    assertThat(code(type + SIZES + EXPERTS, version).mixture().keepsRoutingWeightsWide())
        .isEqualTo(wide);
  }

  @Test
  void grouped_heads_go_to_sdpa_unless_the_model_has_a_class_of_its_own() {
    Predicate<ModelingCode> grouped = ModelingCode::groupedSdpa;

    assertThat(code("llama" + SIZES, "4.53.0")).matches(grouped.negate());
    assertThat(code("llama" + SIZES, "4.54.0")).matches(grouped);
    assertThat(code("stablelm" + SIZES, "4.57.6")).matches(grouped.negate());
    assertThat(code("stablelm" + SIZES, "5.0.0")).matches(grouped);
  }

  @Test
  void what_a_family_does_not_state_is_llamas() {
    assertThat(Configs.read("arcee" + SIZES).traits()).isEqualTo(ModelTraits.LLAMA);
    assertThat(code("cohere" + SIZES, "5.0.0").rotaryCode()).isEqualTo(RotaryCode.IN_FP32);
    assertThat(code("cohere" + SIZES, "5.0.0").layerNormCode())
        .isEqualTo(LayerNormCode.WRITTEN_OUT);
  }

  @Test
  void a_model_with_encoders_runs_its_text_models_code() {
    String wrapped = "glm4v_moe text_config={ model_type=glm4v_moe_text" + SIZES + EXPERTS + " }";

    assertThat(code(wrapped, "4.57.6").mixture().fp32Router()).isTrue();
    assertThat(code(wrapped, "4.57.6").mixture().bareRouter()).isTrue();
    assertThat(code("paligemma text_config={ model_type=gemma" + SIZES + " }", "5.2.0"))
        .matches(ModelingCode::scalesInEmbedding);
  }
}
