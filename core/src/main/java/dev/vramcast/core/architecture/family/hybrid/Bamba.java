package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;

/** Bamba: Mamba 2 in most layers, attention of which half of each head is rotated in others. */
public final class Bamba {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 2))
          .concatenatesRotary(Versions.ALL)
          .recurrent(RecurrentPath.KERNELS)
          .classHeads(Versions.NONE)
          .build();

  private Bamba() {}

  public static Architecture bamba(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    Attention attention =
        Llama.attention(config, shape)
            .bias(bias, bias)
            .rotary(Rotary.Style.HALF, shape.headSize() / 2)
            .build();
    RecurrentMixer mamba = Granite.mamba(config, shape);
    Mlp mlp =
        Mlps.gated(
            "feed_forward",
            shape.hidden(),
            config.size("intermediate_size"),
            config.flag("mlp_bias", false),
            Mlps.activation(config, "hidden_act", "silu"));
    List<Long> attended =
        config.list("attn_layer_indices").stream()
            .filter(Number.class::isInstance)
            .map(layer -> ((Number) layer).longValue())
            .toList();
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.final_layernorm", "lm_head")
        .preNorms("input_layernorm", "pre_ff_layernorm")
        .mixer(layer -> attended.contains((long) layer) ? attention : mamba)
        .mlp(layer -> mlp)
        .traits(TRAITS)
        .build();
  }
}
