package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mamba2Builder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;

/** Falcon-H1: attention and Mamba 2 side by side in every layer. */
public final class FalconH1 {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 2))
          .recurrent(RecurrentPath.KERNELS)
          .refusesTargets(Versions.since(0, 17), "out_proj")
          .unusualLoss(Versions.ALL)
          .liger(LigerTraits.ALL)
          .classHeads(Versions.NONE)
          .build();

  private FalconH1() {}

  public static Architecture falconH1(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    int heads = Math.toIntExact(config.size("mamba_n_heads", 128));
    long inner =
        config.optionalSize("mamba_d_ssm").orElse(config.size("mamba_expand", 2) * shape.hidden());
    Shape.divides(config, heads, "mamba heads", inner, "mamba width");
    var mamba =
        new Mamba2Builder("mamba", shape.hidden(), inner, heads)
            .groups(config.size("mamba_n_groups", 1))
            .state(config.size("mamba_d_state", 256))
            .kernel(config.size("mamba_d_conv", 4))
            .chunk(config.size("mamba_chunk_size", 256))
            .bias(config.flag("mamba_conv_bias", true), config.flag("mamba_proj_bias", false))
            .norm(config.flag("mamba_rms_norm", false))
            .scaled()
            .build();
    ParallelMixers mixers =
        new ParallelMixers(List.of(mamba, Llama.attention(config, shape).bias(bias, bias).build()));
    Mlp mlp =
        Mlps.gated(
            "feed_forward",
            shape.hidden(),
            config.size("intermediate_size"),
            config.flag("mlp_bias", false),
            Mlps.activation(config, "hidden_act", "silu"));
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.final_layernorm", "lm_head")
        .preNorms("input_layernorm", "pre_ff_layernorm")
        .scaledEmbedding()
        .head(HeadBuilder::scaled)
        .mixer(layer -> mixers)
        .mlp(layer -> mlp)
        .traits(TRAITS)
        .build();
  }
}
