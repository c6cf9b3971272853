package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.MambaBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.traits.Versions;

/** Jamba: Mamba and attention, dense MLPs and experts, each in a period of its own. */
public final class Jamba {

  private static final String BLOCK = "feed_forward";

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 0))
          .ownSdpa(Versions.until(5, 0))
          .weights(Weights.USUAL.dropped(Versions.until(5, 0)))
          .bareRouter(Versions.since(5, 21))
          .recurrent(RecurrentPath.KERNELS)
          .classHeads(Versions.ALL, Versions.NONE)
          .build();

  private Jamba() {}

  public static Architecture jamba(ModelConfig config) {
    Shape shape = Shape.of(config);
    long attentionPeriod = config.size("attn_layer_period", 8);
    long attentionOffset = config.count("attn_layer_offset", 4);
    long expertPeriod = config.size("expert_layer_period", 2);
    long expertOffset = config.count("expert_layer_offset", 1);
    Attention attention = Llama.attention(config, shape).rotary(Rotary.Style.NONE).build();
    RecurrentMixer mamba = mamba(config, shape.hidden());
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long intermediate = config.size("intermediate_size");
    Mlp dense = Mlps.gated(BLOCK, shape.hidden(), intermediate, false, activation);
    Mlp experts =
        config.size("num_experts") == 1
            ? dense
            : new MoeBuilder(
                    config,
                    shape.hidden(),
                    intermediate,
                    "num_experts",
                    config.size("num_experts_per_tok", 2))
                .balanced()
                .block(BLOCK)
                .router(BLOCK + ".router", false)
                .activation(activation)
                .build();
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.final_layernorm", "lm_head")
        .preNorms("input_layernorm", "pre_ff_layernorm")
        .mixer(layer -> layer % attentionPeriod == attentionOffset ? attention : mamba)
        .mlp(layer -> layer % expertPeriod == expertOffset ? experts : dense)
        .traits(TRAITS)
        .build();
  }

  private static RecurrentMixer mamba(ModelConfig config, long hidden) {
    long inner = hidden * config.size("mamba_expand", 2);
    return new MambaBuilder(RecurrentMixer.Kind.MAMBA, "mamba", hidden, inner)
        .state(config.size("mamba_d_state", 16))
        .rank(config, "mamba_dt_rank")
        .kernel(config.size("mamba_d_conv", 4))
        .bias(config.flag("mamba_conv_bias", true), config.flag("mamba_proj_bias", false))
        .normalised(true)
        .build();
  }
}
