package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** Arcee's Trinity: gated attention, rotated in layers with a window only, and experts. */
public final class Afmoe {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .bareRouter(Versions.NONE)
          .fp32Sigmoid()
          .sharedFirst(Versions.ALL)
          .rewritesTargets(Versions.since(5, 4), MoeBuilder.PROJECTIONS)
          .classHeads(Versions.NONE)
          .build();

  private Afmoe() {}

  public static Architecture afmoe(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    long dense = config.count("num_dense_layers", 1);
    LayerExtras bias =
        LayerExtras.NONE.others(
            List.of(),
            List.of(
                new ParameterTensor(
                    "mlp.expert_bias",
                    List.of(config.size("num_experts", 64)),
                    TensorGroup.ROUTER)));
    DecoderBuilder decoder =
        new DecoderBuilder(config, shape)
            .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
            .preNorms("input_layernorm", "pre_mlp_layernorm")
            .postNorms("post_attention_layernorm", "post_mlp_layernorm")
            .mixer(attention(config, shape))
            .mlp(mlps(config, shape, dense))
            .layerExtras(layer -> layer < dense ? LayerExtras.NONE : bias)
            .traits(TRAITS);
    return config.flag("mup_enabled", false) ? decoder.scaledEmbedding().build() : decoder.build();
  }

  private static IntFunction<Attention> attention(ModelConfig config, Shape shape) {
    boolean bias = config.flag("attention_bias", false);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config,
            shape.layers(),
            LayerTypes.window(config, 1024),
            LayerTypes.butEvery(config.size("global_attn_every_n_layers", 4)));
    return layer ->
        Llama.attention(config, shape)
            .bias(bias, bias)
            .headNorms(Norm.Type.RMS_WEIGHT_IN_FP32, "q_norm", "k_norm")
            .gate("gate_proj")
            .rotatedInWindow(windows.applyAsInt(layer))
            .build();
  }

  private static IntFunction<Mlp> mlps(ModelConfig config, Shape shape, long dense) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long intermediate = config.size("moe_intermediate_size", 1408);
    Mlp plain = Mlps.dense(config, shape.hidden(), activation);
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                intermediate,
                "num_experts",
                config.size("num_experts_per_tok", 6))
            .router("mlp.router.gate", false)
            .scoring(Scoring.SIGMOID)
            .activation(activation)
            .sharedExperts(config.size("num_shared_experts", 2), false)
            .build();
    return layer -> layer < dense ? plain : experts;
  }
}
