package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.MambaBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.NoMlp;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.traits.Versions;

/** Mamba, and Falcon Mamba, which normalises time step, B and C without weights. */
public final class Mamba {

  private Mamba() {}

  public static Architecture mamba(ModelConfig config) {
    return read(config, false, traits().classes("Mamba").build());
  }

  public static Architecture falconMamba(ModelConfig config) {
    return read(config, true, traits().classes("FalconMamba").build());
  }

  private static ModelTraitsBuilder traits() {
    return ModelTraits.builder()
        .recurrent(RecurrentPath.KERNELS)
        .refusesTargets(Versions.since(0, 20), "out_proj")
        .upcastsInModel()
        .classHeads(Versions.NONE)
        .layerClass("Block");
  }

  private static Architecture read(ModelConfig config, boolean normalised, ModelTraits traits) {
    long hidden = config.size("hidden_size");
    MambaBuilder mixer =
        new MambaBuilder(
                RecurrentMixer.Kind.INNER_MAMBA, "mixer", hidden, hidden * config.size("expand", 2))
            .state(config.size("state_size", 16))
            .rank(config, "time_step_rank")
            .kernel(config.size("conv_kernel", 4))
            .bias(config.flag("use_conv_bias", true), config.flag("use_bias", false));
    return backbone(config, (normalised ? mixer.normalised(false) : mixer).build())
        .head(HeadBuilder::tiedByDefault)
        .traits(traits)
        .build();
  }

  /** The layers of Mamba and Mamba 2, which are mixers alone. */
  static DecoderBuilder backbone(ModelConfig config, RecurrentMixer mixer) {
    Shape shape =
        Shape.of(
            config,
            config.size("hidden_size"),
            1,
            1,
            0,
            Shape.layers(config, "num_hidden_layers"),
            config.size("vocab_size"));
    boolean wide = config.flag("residual_in_fp32", true);
    return new DecoderBuilder(config, shape)
        .paths("backbone.embeddings", "backbone.layers", "backbone.norm_f", "lm_head")
        .preNorms("norm", "")
        .wiring(wide ? Wiring.WIDE : Wiring.SEQUENTIAL)
        .mixer(layer -> mixer)
        .mlp(layer -> new NoMlp());
  }
}
