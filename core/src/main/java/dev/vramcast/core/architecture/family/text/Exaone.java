package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Exaone 4 and K-Exaone: windows in a repeated pattern, no rotation in the other layers. */
public final class Exaone {

  private static final ModelTraits TRAITS =
      ModelTraits.builder().liger(LigerTraits.ALL.apart()).build();
  private static final ModelTraits MOE_TRAITS =
      DeepSeek.moeTraits().mixtureClass("SparseMoEBlock").classHeads(Versions.NONE).build();

  private Exaone() {}

  /** Exaone 4: norms after attention and MLP. */
  public static Architecture exaone4(ModelConfig config) {
    Shape shape = Shape.of(config);
    return Llama.decoder(config, shape)
        .preNorms("", "")
        .postNorms("post_attention_layernorm", "post_feedforward_layernorm")
        .mixer(attention(config, shape))
        .traits(TRAITS)
        .build();
  }

  /** K-Exaone: norms before attention and MLP, experts in most layers. */
  public static Architecture exaoneMoe(ModelConfig config) {
    Shape shape = Shape.of(config);
    return new DecoderBuilder(config, shape)
        .mixer(attention(config, shape))
        .mlp(sparse(config, shape, 1024, false, config.count("first_k_dense_replace", 1)))
        .traits(MOE_TRAITS)
        .build();
  }

  private static IntFunction<Attention> attention(ModelConfig config, Shape shape) {
    int window = LayerTypes.window(config, 4096);
    long pattern =
        config.values().get("sliding_window_pattern") instanceof String text
            ? text.length()
            : config.size("sliding_window_pattern", 4);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config,
            shape.layers(),
            window,
            layer -> window > 0 && LayerTypes.butEvery(pattern).test(layer));
    return layer ->
        Llama.attention(config, shape)
            .headNorms(Norm.Type.RMS, "q_norm", "k_norm")
            .window(windows.applyAsInt(layer))
            .rotary(
                window == 0 || windows.applyAsInt(layer) > 0
                    ? Rotary.Style.HALF
                    : Rotary.Style.NONE)
            .build();
  }

  /**
   * Dense layers where {@code mlp_layer_types} says so, experts chosen by their sigmoid in others.
   *
   * @param width features of an expert by default
   * @param first how many layers are dense by default
   */
  static IntFunction<Mlp> sparse(
      ModelConfig config, Shape shape, long width, boolean bias, long first) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long dense = config.size("intermediate_size");
    long intermediate = config.size("moe_intermediate_size", width);
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
    IntPredicate isDense = LayerTypes.dense(config, shape.layers(), first);
    return layer -> isDense.test(layer) ? plain : experts;
  }
}
