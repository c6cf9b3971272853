package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.Map;

/** ChatGLM and GLM-4: half of each head rotated, fused gate and up. */
public final class Glm {

  private static final ModelTraits TRAITS = traits().build();
  private static final ModelTraits GLM4 =
      traits().liger(LigerTraits.ALL.apart().withoutRotary()).build();
  private static final ModelTraits V_TRAITS = traits().classes("Glm4vText").build();
  private static final ModelTraits OCR_TRAITS = traits().classes("GlmOcrText").build();
  private static final ModelTraits MOE_TRAITS = moeTraits().classHeads(Versions.NONE).build();
  private static final ModelTraits V_MOE_TRAITS =
      moeTraits().uncountedExperts().classes("Glm4vMoeText").build();
  private static final ModelTraits SOLAR_TRAITS =
      DeepSeek.moeTraits().classHeads(Versions.NONE).build();
  private static final ModelTraits SARVAM_TRAITS =
      DeepSeek.traits()
          .mixtureClass("MoE")
          .concatenatesRotary(Versions.ALL)
          .classes("Glm4Moe")
          .classHeads(Versions.NONE)
          .build();
  private static final ModelTraits CHATGLM_TRAITS =
      ModelTraits.builder()
          .rotary(RotaryCode.REPEATED_TABLES)
          .adapterTargets("query_key_value")
          .classes("GLM")
          .layerClass("Block")
          .remoteCode()
          .build();

  private Glm() {}

  private static ModelTraitsBuilder traits() {
    return ModelTraits.builder()
        .rotary(RotaryCode.REPEATED_TABLES)
        .concatenatesRotary(Versions.ALL);
  }

  private static ModelTraitsBuilder moeTraits() {
    return DeepSeek.moeTraits().concatenatesRotary(Versions.ALL);
  }

  public static Architecture glm(ModelConfig config) {
    return decoder(config, Shape.of(config, 128)).build();
  }

  /** GLM-4-0414: norms after attention and MLP as well. */
  public static Architecture glm4(ModelConfig config) {
    return decoder(config, Shape.of(config, 128))
        .postNorms("post_self_attn_layernorm", "post_mlp_layernorm")
        .traits(GLM4)
        .build();
  }

  /** GLM-4.5: sparse, with unfused and optionally normalised query and key. */
  public static Architecture glm4Moe(ModelConfig config) {
    return sparse(config, 0.5).traits(MOE_TRAITS).build();
  }

  /** GLM-4.5V's language model. */
  public static Architecture glm4vMoe(ModelConfig config) {
    return sparse(config, 0.5).traits(V_MOE_TRAITS).build();
  }

  /** Sarvam's smaller model: all of each head rotated. */
  public static Architecture sarvam(ModelConfig config) {
    Map<String, Object> defaults = Map.of("use_qk_norm", true, "head_dim", 64);
    ModelConfig known = Keys.withDefaults(sarvamKeys(config), defaults);
    return sparse(known, 1).traits(SARVAM_TRAITS).build();
  }

  /** Sarvam's own words for what GLM and DeepSeek have. */
  static ModelConfig sarvamKeys(ModelConfig config) {
    return Keys.renamed(
        config,
        Map.of(
            "num_experts", "n_routed_experts",
            "num_shared_experts", "n_shared_experts",
            "use_qkv_bias", "attention_bias"));
  }

  /** Solar Open: all of each head rotated, experts in every layer. */
  public static Architecture solarOpen(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    boolean bias = config.flag("attention_bias", false);
    Mlp experts = DeepSeek.experts(config, shape, Scoring.SIGMOID);
    return new DecoderBuilder(config, shape)
        .mixer(() -> Llama.attention(config, shape).bias(bias, false).build())
        .mlp(layer -> experts)
        .traits(SOLAR_TRAITS)
        .build();
  }

  private static DecoderBuilder sparse(ModelConfig config, double rotatedShare) {
    Shape shape = Shape.of(config, 128);
    boolean bias = config.flag("attention_bias", false);
    boolean norms = config.flag("use_qk_norm", false);
    int rotated = LayerTypes.rotaryDimensions(config, shape.headSize(), rotatedShare);
    return new DecoderBuilder(config, shape)
        .mixer(
            () -> {
              AttentionBuilder attention =
                  Llama.attention(config, shape)
                      .bias(bias, false)
                      .rotary(Rotary.Style.HALF, rotated);
              return norms
                  ? attention.headNorms(Norm.Type.RMS, "q_norm", "k_norm").build()
                  : attention.build();
            })
        .mlp(DeepSeek.sparse(config, shape, Scoring.SIGMOID, 1));
  }

  /** GLM-4.1V's language model. */
  public static Architecture glm4v(ModelConfig config) {
    return decoder(config, Shape.of(config))
        .postNorms("post_self_attn_layernorm", "post_mlp_layernorm")
        .traits(V_TRAITS)
        .build();
  }

  /** GLM-OCR's language model: as {@link #glm4v}, without biases. */
  public static Architecture glmOcr(ModelConfig config) {
    ModelConfig plain = config.with(Map.of("attention_bias", false));
    return decoder(plain, Shape.of(plain))
        .postNorms("post_self_attn_layernorm", "post_mlp_layernorm")
        .traits(OCR_TRAITS)
        .build();
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape) {
    boolean bias = config.flag("attention_bias", true);
    int rotated = LayerTypes.rotaryDimensions(config, shape.headSize(), 0.5);
    Mlp mlp =
        Mlps.fused(
            "mlp",
            "gate_up_proj",
            "down_proj",
            shape.hidden(),
            config.size("intermediate_size"),
            false,
            Mlps.activation(config, "hidden_act", "silu"));
    return new DecoderBuilder(config, shape)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .bias(bias, false)
                    .rotary(Rotary.Style.INTERLEAVED, rotated)
                    .build())
        .mlp(layer -> mlp)
        .traits(TRAITS);
  }

  /** ChatGLM 2 and 3 and GLM-4-9b of remote code: everything fused. */
  public static Architecture chatglm(ModelConfig config) {
    long hidden = config.size("hidden_size");
    int heads = Shape.heads(config, "num_attention_heads");
    int groups =
        config.flag("multi_query_attention", false)
            ? Math.toIntExact(config.size("multi_query_group_num", 1))
            : heads;
    long vocabulary = config.size("padded_vocab_size", config.size("vocab_size", 65024));
    Shape shape =
        Shape.of(
                config,
                hidden,
                heads,
                groups,
                Math.toIntExact(config.size("kv_channels", 128)),
                Shape.layers(config, "num_layers"),
                vocabulary)
            .withMaxPositions(config.count("seq_length", 0));
    boolean bias = config.flag("add_bias_linear", false);
    boolean qkvBias = bias || config.flag("add_qkv_bias", false);
    var attention =
        new AttentionBuilder(shape)
            .path("self_attention")
            .names("query_key_value")
            .outputName("dense")
            .bias(qkvBias, bias)
            .rotary(Rotary.Style.INTERLEAVED, shape.headSize() / 2)
            .dropout(config.number("attention_dropout", 0))
            .build();
    Mlp mlp =
        Mlps.fused(
            "mlp",
            "dense_h_to_4h",
            "dense_4h_to_h",
            hidden,
            config.size("ffn_hidden_size"),
            bias,
            Activation.SILU);
    DecoderBuilder decoder =
        new DecoderBuilder(config, shape)
            .paths(
                "transformer.embedding.word_embeddings",
                "transformer.encoder.layers",
                "transformer.encoder.final_layernorm",
                "transformer.output_layer")
            .residualDropout(config.number("hidden_dropout", 0))
            .mixer(layer -> attention)
            .mlp(layer -> mlp)
            .traits(CHATGLM_TRAITS);
    return config.flag("rmsnorm", true) ? decoder.build() : decoder.layerNorm(true, true).build();
  }
}
