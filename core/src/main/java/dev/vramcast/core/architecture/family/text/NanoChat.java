package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;

/** nanochat: norms without weights, one of them before the layers, heads normalised rotated. */
public final class NanoChat {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .rotatesBeforeNorms()
          .classes("NanoChat")
          .classHeads(Versions.NONE)
          .build();

  private NanoChat() {}

  public static Architecture nanochat(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    Mlp mlp =
        Mlps.plain(
            "mlp.fc1",
            "mlp.fc2",
            shape.hidden(),
            config.size("intermediate_size"),
            false,
            Mlps.activation(config, "hidden_act", "relu2"));
    return new DecoderBuilder(config, shape)
        .weightlessNorm(Norm.Type.RMS)
        .embeddingNorm("model.norm")
        .head(head -> head.softcap(config.number("final_logit_softcapping", 15)))
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .weightlessHeadNorms(Norm.Type.RMS, "q_norm")
                    .build())
        .mlp(layer -> mlp)
        .traits(TRAITS)
        .build();
  }
}
