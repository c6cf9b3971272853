package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.family.text.Qwen;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Flint: sinks in every layer, scores in fp32, windows rotated and full layers not. */
public final class Flint {

  private static final ModelTraits TRAITS =
      DeepSeek.traits(Versions.ALL)
          .eagerOnly()
          .scoresLeaveAutocast()
          .routerLeavesAutocast()
          .classHeads(Versions.NONE)
          .build();

  private Flint() {}

  public static Architecture flint(ModelConfig given) {
    ModelConfig config = Keys.withDefaults(given, Map.of("mlp_only_layers", List.of(0, 1)));
    Shape shape = Shape.of(config, 128);
    int last = shape.layers() - 1;
    IntUnaryOperator windows =
        LayerTypes.windows(
            config,
            shape.layers(),
            LayerTypes.window(config, 513),
            layer -> layer > 1 && layer % 4 != 1 && layer != last);
    return new DecoderBuilder(config, shape)
        .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
        .mixer(layer -> attention(config, shape, windows.applyAsInt(layer)))
        .mlp(Qwen.sparse(config, shape, block(config, shape)))
        .traits(TRAITS)
        .build();
  }

  private static Attention attention(ModelConfig config, Shape shape, int window) {
    boolean bias = config.flag("attention_bias", false);
    return Llama.attention(config, shape)
        .bias(bias, bias)
        .headNorms(Norm.Type.RMS_WEIGHT_IN_FP32, "q_norm", "k_norm")
        .sinks()
        .rotatedInWindow(window)
        .build();
  }

  private static MoeBuilder block(ModelConfig config, Shape shape) {
    return MoeBuilder.besideShared(config, shape, "mlp.shared_expert", 1024, 6)
        .balanced()
        .scoring(Scoring.SIGMOID);
  }
}
