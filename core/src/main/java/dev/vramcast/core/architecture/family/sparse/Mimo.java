package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** MiMo V2 Flash: values narrower than keys; windows with sinks and twice the key-value heads. */
public final class Mimo {

  private static final ModelTraits TRAITS =
      DeepSeek.traits()
          .eagerOnly()
          .scalesValues()
          .weights(Weights.USUAL.softmax(Softmax.SHIFTED))
          .concatenatesRotary(Versions.ALL)
          .tablesByType(Versions.ALL)
          .mixtureClass("MoE")
          .classes("MiMoV2Flash")
          .classHeads(Versions.NONE)
          .build();

  private Mimo() {}

  public static Architecture flash(ModelConfig config) {
    Shape shape = Shape.of(config, 192);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config,
            shape.layers(),
            LayerTypes.window(config, 129),
            layer -> layer > 0 && (layer + 1) % 6 != 0);
    IntPredicate isDense = LayerTypes.dense(config, shape.layers(), 1);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    Mlp dense = Mlps.dense(config, shape.hidden(), activation);
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                config.size("moe_intermediate_size"),
                "n_routed_experts",
                config.size("num_experts_per_tok", 8))
            .scoring(Scoring.SIGMOID)
            .activation(activation)
            .build();
    return new DecoderBuilder(config, shape)
        .mixer(layer -> attention(config, shape, windows.applyAsInt(layer)))
        .mlp(layer -> isDense.test(layer) ? dense : experts)
        .traits(TRAITS)
        .build();
  }

  private static Attention attention(ModelConfig config, Shape shape, int window) {
    boolean bias = config.flag("attention_bias", false);
    Shape own = window > 0 ? shape.withKvHeads(config, 2 * shape.kvHeads()) : shape;
    String type = window > 0 ? "sliding_attention" : "full_attention";
    double share =
        config
            .nested("rope_parameters")
            .flatMap(rope -> rope.nested(type))
            .map(rope -> rope.number("partial_rotary_factor", 0.334))
            .orElse(config.number("partial_rotary_factor", 0.334));
    var attention =
        Llama.attention(config, own)
            .bias(bias, false)
            .valueSize(Math.toIntExact(config.size("v_head_dim", 128)))
            .rotary(Rotary.Style.HALF, (int) (share * shape.headSize()))
            .window(window);
    return window > 0 ? attention.sinks().build() : attention.build();
  }
}
