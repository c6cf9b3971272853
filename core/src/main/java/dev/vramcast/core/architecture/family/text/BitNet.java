package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.Optional;

/** BitNet b1.58 with master weights: Llama with a norm before each projection back. */
public final class BitNet {

  private static final ModelTraits TRAITS =
      ModelTraits.builder().classes("BitNet").classHeads(Versions.NONE).build();

  private BitNet() {}

  public static Architecture bitnet(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    return Llama.decoder(config, shape)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .outputNorm(Norm.Type.RMS, "attn_sub_norm")
                    .build())
        .mlp(() -> mlp(config, shape))
        .traits(TRAITS)
        .build();
  }

  private static GatedMlp mlp(ModelConfig config, Shape shape) {
    long intermediate = config.size("intermediate_size");
    Activation activation = Mlps.activation(config, "hidden_act", "relu2");
    GatedMlp mlp = Mlps.gated("mlp", shape.hidden(), intermediate, false, activation);
    Norm norm = new Norm("mlp.ffn_sub_norm", Norm.Type.RMS, intermediate, true, false);
    return new GatedMlp(mlp.gateUp(), mlp.down(), activation, Optional.of(norm));
  }
}
