package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.input.InputException;
import java.util.List;

/**
 * Megatron-LM's own model (megatron/core/models/gpt/gpt_model.py): which positions, norms, biases
 * and MLP it has is said by fields of TransformerConfig, with the defaults of
 * megatron/core/transformer/transformer_config.py and megatron/training/arguments.py.
 */
public final class MegatronGpt {

  private static final String POSITIONS = "position_embedding_type";

  private static final String NORM = "normalization";

  private static final ModelTraits TRAITS =
      ModelTraits.builder().classes("GPT").layerClass("TransformerLayer").remoteCode().build();

  private MegatronGpt() {}

  public static Architecture read(ModelConfig config) {
    Shape shape = Shape.of(config);
    String positions = oneOf(config, POSITIONS, List.of("learned_absolute", "rope", "none"));
    boolean centred = oneOf(config, NORM, List.of("LayerNorm", "RMSNorm")).equals("LayerNorm");
    double dropout = config.number("hidden_dropout", 0.1);
    DecoderBuilder decoder =
        new DecoderBuilder(config, shape)
            .paths(
                "embedding.word_embeddings",
                "decoder.layers",
                "decoder.final_layernorm",
                "output_layer")
            .preNorms("input_layernorm", "pre_mlp_layernorm")
            .embeddingDropout(dropout)
            .residualDropout(dropout)
            .head(HeadBuilder::tiedByDefault)
            .mixer(() -> attention(config, shape, positions.equals("rope"), centred))
            .mlp(() -> mlp(config, shape))
            .traits(TRAITS);
    if (centred) {
      decoder.layerNorm(true, true);
    }
    if (positions.equals("learned_absolute")) {
      decoder.positions("embedding.position_embeddings", config.size("max_position_embeddings"));
    }
    return decoder.build();
  }

  private static Attention attention(
      ModelConfig config, Shape shape, boolean rotates, boolean centred) {
    boolean bias = config.flag("add_bias_linear", true);
    AttentionBuilder attention =
        new AttentionBuilder(shape)
            .path("self_attention")
            .names("linear_qkv")
            .outputName("linear_proj")
            .bias(bias || config.flag("add_qkv_bias", false), bias)
            .dropout(config.number("attention_dropout", 0.1))
            .rotary(rotates ? Rotary.Style.HALF : Rotary.Style.NONE);
    return config.flag("qk_layernorm", false)
        ? attention
            .headNorms(centred ? Norm.Type.LAYER : Norm.Type.RMS, "q_layernorm", "k_layernorm")
            .build()
        : attention.build();
  }

  private static Mlp mlp(ModelConfig config, Shape shape) {
    boolean bias = config.flag("add_bias_linear", true);
    boolean gated = config.flag("gated_linear_unit", false);
    Activation activation = Mlps.activation(config, "hidden_act", gated ? "silu" : "gelu");
    if (config.optionalSize("num_experts").isPresent()) {
      return experts(config, shape, bias, gated, activation);
    }
    long inner = config.optionalSize("intermediate_size").orElse(4 * shape.hidden());
    return gated
        ? Mlps.fused("mlp", "linear_fc1", "linear_fc2", shape.hidden(), inner, bias, activation)
        : Mlps.plain("mlp.linear_fc1", "mlp.linear_fc2", shape.hidden(), inner, bias, activation);
  }

  private static Mlp experts(
      ModelConfig config, Shape shape, boolean bias, boolean gated, Activation activation) {
    MoeBuilder experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                config.size("moe_intermediate_size"),
                "num_experts",
                config.size("num_experts_per_tok", 2))
            .router("mlp.router", false)
            .activation(activation);
    if (bias) {
      experts.expertBias();
    }
    return gated ? experts.build() : experts.ungated("linear_fc1", "linear_fc2").build();
  }

  /** The first of the choices where the key is missing. */
  private static String oneOf(ModelConfig config, String key, List<String> choices) {
    String value = config.text(key, choices.get(0));
    if (!choices.contains(value)) {
      throw unknown(config, key, value, choices);
    }
    return value;
  }

  private static InputException unknown(
      ModelConfig config, String key, String value, List<String> choices) {
    return config
        .about(key)
        .is(value)
        .allowed(String.join(", ", choices))
        .near(value, choices)
        .refusal();
  }
}
