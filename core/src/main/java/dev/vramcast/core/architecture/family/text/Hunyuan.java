package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Hunyuan 3: experts behind attention with norms over each head. */
public final class Hunyuan {

  private static final ModelTraits TRAITS =
      DeepSeek.traits().classes("HYV3").mixtureClass("MoE").build();

  private Hunyuan() {}

  public static Architecture v3(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    boolean bias = config.flag("attention_bias", false);
    return new DecoderBuilder(config, shape)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .headNorms(Norm.Type.RMS, "q_norm", "k_norm")
                    .build())
        .mlp(sparse(config, shape))
        .traits(TRAITS)
        .build();
  }

  private static IntFunction<Mlp> sparse(ModelConfig config, Shape shape) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    boolean bias = config.flag("mlp_bias", false);
    long dense = config.size("intermediate_size");
    long intermediate = config.size("moe_intermediate_size", 1536);
    Mlp plain = Mlps.gated("mlp", shape.hidden(), dense, bias, activation);
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                intermediate,
                "num_experts",
                config.size("num_experts_per_tok", 8))
            .scoring(Scoring.SIGMOID)
            .activation(activation)
            .sharedExperts(config.size("num_shared_experts", 1), bias)
            .build();
    IntPredicate isDense = LayerTypes.dense(config, shape.layers(), 1);
    return layer -> isDense.test(layer) ? plain : experts;
  }
}
