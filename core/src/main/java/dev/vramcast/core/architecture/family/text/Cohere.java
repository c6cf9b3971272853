package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import java.util.function.IntUnaryOperator;

/** Command R and Command R7B: attention and MLP in parallel after one layer norm. */
public final class Cohere {

  private static final ModelTraits TRAITS =
      ModelTraits.builder().rotary(RotaryCode.IN_FP32).layerNorm(LayerNormCode.WRITTEN_OUT).build();

  private Cohere() {}

  public static Architecture cohere(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    boolean norms = config.flag("use_qk_norm", false);
    return decoder(config, shape)
        .mixer(
            () -> {
              AttentionBuilder attention =
                  Llama.attention(config, shape).bias(bias, bias).rotary(Rotary.Style.INTERLEAVED);
              return norms
                  ? attention.fullNorms(Norm.Type.LAYER, "q_norm", "k_norm").build()
                  : attention.build();
            })
        .build();
  }

  /** Windows and rotary embeddings in all layers but every fourth. */
  public static Architecture cohere2(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    long pattern = config.size("sliding_window_pattern", 4);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config, shape.layers(), LayerTypes.window(config, 4096), LayerTypes.butEvery(pattern));
    return decoder(config, shape)
        .mixer(
            layer -> {
              int window = windows.applyAsInt(layer);
              return Llama.attention(config, shape)
                  .bias(bias, bias)
                  .window(window)
                  .rotary(window > 0 ? Rotary.Style.INTERLEAVED : Rotary.Style.NONE)
                  .build();
            })
        .build();
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape) {
    return Llama.decoder(config, shape)
        .layerNorm(true, false)
        .preNorms("input_layernorm", "")
        .wiring(Wiring.PARALLEL)
        .head(head -> head.tiedByDefault().scaled())
        .traits(TRAITS);
  }
}
