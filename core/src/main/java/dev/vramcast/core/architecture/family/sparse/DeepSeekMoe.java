package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.ExpertCode;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntPredicate;

/**
 * DeepSeek-MoE, the first of its line: heads of the usual kind, shared and routed experts.
 *
 * <p>Source: {@code modeling_deepseek.py} beside the weights, laid out as Transformers 4.36 has
 * Llama.
 */
public final class DeepSeekMoe {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .bareRouter(Versions.ALL)
          .ownRoutingSoftmax(Versions.ALL)
          .weightsOfSoftmax(Versions.ALL)
          .separateExperts()
          .experts(ExpertCode.REPEATED)
          .rotaryTablesOfSeen()
          .tablesByLayer(Versions.ALL)
          .ownSdpa(Versions.ALL)
          .classes("Deepseek")
          .mixtureClass("MoE")
          .remoteCode()
          .build();

  private DeepSeekMoe() {}

  public static Architecture read(ModelConfig config) {
    Shape shape = Shape.of(config);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    Mlp dense = Mlps.dense(config, shape.hidden(), activation);
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                config.size("moe_intermediate_size"),
                "n_routed_experts",
                "num_experts_per_tok")
            .activation(activation)
            .normalisedWhereAsked()
            .sharedExperts(config.count("n_shared_experts", 0), false)
            .build();
    IntPredicate isSparse = DeepSeek.isSparse(config, shape.layers(), 0);
    boolean bias = config.flag("attention_bias", false);
    return new DecoderBuilder(config, shape)
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).build())
        .mlp(layer -> isSparse.test(layer) ? experts : dense)
        .traits(TRAITS)
        .build();
  }
}
