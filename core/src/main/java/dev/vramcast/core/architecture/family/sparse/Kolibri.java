package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntUnaryOperator;

/** Kolibri 1: norms around attention and experts, a window in all layers but every fifth. */
public final class Kolibri {

  private static final ModelTraits TRAITS =
      DeepSeek.traits(Versions.NONE).classes("Kolibri1").classHeads(Versions.NONE).build();

  private Kolibri() {}

  public static Architecture kolibri(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config, shape.layers(), LayerTypes.window(config, 513), LayerTypes.butEvery(5));
    Mlp experts = experts(config, shape);
    return new DecoderBuilder(config, shape)
        .postNorms("post_self_attn_layernorm", "post_mlp_layernorm")
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .headNorms(Norm.Type.RMS, "q_norm", "k_norm")
                    .rotatedInWindow(windows.applyAsInt(layer))
                    .build())
        .mlp(layer -> experts)
        .traits(TRAITS)
        .build();
  }

  private static Mlp experts(ModelConfig config, Shape shape) {
    return MoeBuilder.besideShared(config, shape, "mlp.shared_experts", 512, 6)
        .scoring(Scoring.SIGMOID_OF_TOP_K)
        .build();
  }
}
