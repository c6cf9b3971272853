package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.Mamba2Builder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.traits.Versions;

/** Mamba 2: nothing but mixers. */
public final class Mamba2 {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .recurrent(RecurrentPath.KERNELS)
          .refusesTargets(Versions.since(0, 20), "out_proj")
          .upcastsInModel()
          .unusualLoss(Versions.ALL)
          .layerClass("Block")
          .classes("Mamba2")
          .classHeads(Versions.NONE)
          .build();

  private Mamba2() {}

  public static Architecture mamba2(ModelConfig config) {
    int heads = Shape.heads(config, "num_heads");
    RecurrentMixer mixer = mixer(config, config.size("hidden_size"), heads);
    return Mamba.backbone(config, mixer).traits(TRAITS).build();
  }

  private static RecurrentMixer mixer(ModelConfig config, long hidden, int heads) {
    long inner = hidden * config.size("expand", 2);
    Shape.divides(config, heads, "heads", inner, "inner features");
    return new Mamba2Builder("mixer", hidden, inner, heads)
        .groups(config.size("n_groups", 8))
        .state(config.size("state_size", 128))
        .kernel(config.size("conv_kernel", 4))
        .chunk(config.size("chunk_size", 256))
        .bias(config.flag("use_conv_bias", true), config.flag("use_bias", false))
        .build();
  }
}
