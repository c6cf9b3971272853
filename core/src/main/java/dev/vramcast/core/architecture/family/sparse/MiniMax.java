package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.family.text.Mixtral;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.function.IntFunction;

/** MiniMax-01: linear attention in most layers, experts in all. */
public final class MiniMax {

  private static final String ATTENTION = "self_attn.";

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .fp32RoutingWeights(Versions.since(5, 0))
          .rewritesTargets(Versions.since(5, 0), Mixtral.NUMBERED)
          .renames(5, 0, Mixtral.BLOCK, "mlp")
          .classes("MiniMax")
          .build();

  private MiniMax() {}

  /** MiniMax-Text-01 and M1. */
  public static Architecture text01(ModelConfig config) {
    Shape shape = Shape.of(config);
    IntFunction<String> types =
        LayerTypes.of(
            config,
            shape.layers(),
            layer -> layer % 2 == 0 ? "full_attention" : "linear_attention");
    int window = LayerTypes.window(config, 0);
    RecurrentMixer linear = lightning(config, shape);
    Mlp experts = Mixtral.block(config, shape).build();
    return new DecoderBuilder(config, shape)
        .wiring(Wiring.NORMED)
        .mixer(
            layer ->
                types.apply(layer).equals("linear_attention")
                    ? linear
                    : Llama.attention(config, shape).window(window).build())
        .mlp(layer -> experts)
        .traits(TRAITS)
        .build();
  }

  private static RecurrentMixer lightning(ModelConfig config, Shape shape) {
    long inner = shape.queryWidth();
    long hidden = shape.hidden();
    return RecurrentMixer.builder()
        .kind(RecurrentMixer.Kind.LIGHTNING)
        .heads(shape.heads())
        .headSize(shape.headSize())
        .innerSize(inner)
        .stateStreams(2 * inner)
        .chunk(config.size("block_size", 256))
        .input(
            List.of(
                new Linear(ATTENTION + "qkv_proj", hidden, 3 * inner, false),
                new Linear(ATTENTION + "output_gate", hidden, inner, false)))
        .output(new Linear(ATTENTION + "out_proj", inner, hidden, false))
        .norms(List.of(new Norm(ATTENTION + "norm", Norm.Type.RMS, inner, true, false)))
        .build();
  }
}
