package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;

/** Aria's language model: Llama's attention, experts beside some that every token visits. */
public final class Aria {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .weightsOfSoftmax(Versions.ALL)
          .bareRouter(Versions.since(5, 18))
          .inputsFirst()
          .described(Versions.since(5, 0))
          .classes("AriaText")
          .mixtureClass("MoELayer")
          .classHeads(Versions.NONE)
          .build();

  private Aria() {}

  public static Architecture text(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    long intermediate = config.size("intermediate_size");
    return new DecoderBuilder(config, shape)
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .mlp(
            () ->
                new MoeBuilder(
                        config,
                        shape.hidden(),
                        intermediate,
                        "moe_num_experts",
                        config.size("moe_topk", 2))
                    .router("mlp.router", false)
                    .scoring(Scoring.SOFTMAX_OF_TOP_K)
                    .fused("gate_up_proj", "down_proj")
                    .activation(Mlps.activation(config, "hidden_act", "silu"))
                    .sharedExperts(
                        config.count("moe_num_shared_experts", 2), config.flag("mlp_bias", false))
                    .build())
        .traits(TRAITS)
        .build();
  }
}
