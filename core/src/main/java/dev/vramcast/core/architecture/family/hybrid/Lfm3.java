package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Gating;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntFunction;

/** LFM3: LFM2 with norms behind its parts, gated attention and windows. */
public final class Lfm3 {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .rotary(RotaryCode.TABLES_IN_FP32)
          .tablesByType(Versions.ALL)
          .classHeads(Versions.NONE)
          .build();

  private Lfm3() {}

  public static Architecture lfm3(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    IntFunction<String> types = LayerTypes.of(config, shape.layers(), Lfm3::type);
    RecurrentMixer convolution = Lfm2.convolution(config, shape, 7);
    Attention full = attention(config, shape).build();
    Attention sliding = attention(config, shape).window(LayerTypes.window(config, 256)).build();
    Mlp mlp = Lfm2.mlp(shape, config.size("intermediate_size"));
    boolean after = config.flag("use_sandwich_norm", true);
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.embedding_norm", "lm_head")
        .preNorms("operator_norm", "ffn_norm")
        .postNorms(after ? "post_operator_norm" : "", after ? "post_ffn_norm" : "")
        .head(HeadBuilder::tiedByDefault)
        .mixer(
            layer ->
                switch (types.apply(layer)) {
                  case "full_attention" -> full;
                  case "sliding_attention" -> sliding;
                  default -> convolution;
                })
        .mlp(layer -> mlp)
        .traits(TRAITS)
        .build();
  }

  /** One of four layers sees all, one a window, and the first is a convolution. */
  private static String type(int layer) {
    if (layer % 4 == 2) {
      return "full_attention";
    }
    return layer % 4 == 0 && layer > 0 ? "sliding_attention" : "conv";
  }

  private static AttentionBuilder attention(ModelConfig config, Shape shape) {
    boolean bias = config.flag("attention_bias", false);
    AttentionBuilder attention =
        Llama.attention(config, shape)
            .bias(bias, bias)
            .headNorms(Norm.Type.RMS, "q_norm", "k_norm");
    return config.flag("use_attention_gate", true)
        ? attention.gate("g_proj", shape.heads(), Gating.SIGMOID)
        : attention;
  }
}
