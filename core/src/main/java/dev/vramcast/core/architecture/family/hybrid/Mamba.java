package dev.vramcast.core.architecture.family.hybrid;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.NoMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.ArrayList;
import java.util.List;

/** Mamba, and Falcon Mamba, which normalises time step, B and C without weights. */
public final class Mamba {

  private static final String PATH = "mixer.";

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
        .layerClass("Block");
  }

  private static Architecture read(ModelConfig config, boolean normalised, ModelTraits traits) {
    Shape shape =
        Shape.of(
            config,
            config.size("hidden_size"),
            1,
            1,
            0,
            Shape.layers(config, "num_hidden_layers"),
            config.size("vocab_size"));
    RecurrentMixer mixer = mixer(config, shape.hidden(), normalised);
    boolean wide = config.flag("residual_in_fp32", true);
    return new DecoderBuilder(config, shape)
        .paths("backbone.embeddings", "backbone.layers", "backbone.norm_f", "lm_head")
        .preNorms("norm", "")
        .head(HeadBuilder::tiedByDefault)
        .wiring(wide ? Wiring.WIDE : Wiring.SEQUENTIAL)
        .mixer(layer -> mixer)
        .mlp(layer -> new NoMlp())
        .traits(traits)
        .build();
  }

  private static RecurrentMixer mixer(ModelConfig config, long hidden, boolean normalised) {
    long inner = hidden * config.size("expand", 2);
    long state = config.size("state_size", 16);
    long automatic = (hidden + 15) / 16;
    long rank =
        config.values().get("time_step_rank") instanceof String
            ? automatic
            : config.size("time_step_rank", automatic);
    boolean bias = config.flag("use_bias", false);
    List<ParameterTensor> others = new ArrayList<>();
    others.add(tensor("A_log", inner, state));
    others.add(tensor("D", inner));
    others.add(tensor("conv1d.weight", inner, 1L, config.size("conv_kernel", 4)));
    if (config.flag("use_conv_bias", true)) {
      others.add(tensor("conv1d.bias", inner));
    }
    others.add(tensor("dt_proj.bias", inner));
    return RecurrentMixer.builder()
        .kind(RecurrentMixer.Kind.INNER_MAMBA)
        .heads(1)
        .headSize(Math.toIntExact(inner))
        .innerSize(inner)
        .stateStreams(rank + 2 * state)
        .input(
            List.of(
                new Linear(PATH + "in_proj", hidden, 2 * inner, bias),
                new Linear(PATH + "x_proj", inner, rank + 2 * state, false),
                new Linear(PATH + "dt_proj", rank, inner, false)))
        .output(new Linear(PATH + "out_proj", inner, hidden, bias))
        .norms(
            normalised
                ? List.of(
                    norm("dt_layernorm", rank),
                    norm("b_layernorm", state),
                    norm("c_layernorm", state))
                : List.of())
        .others(others)
        .build();
  }

  private static Norm norm(String name, long size) {
    return new Norm(PATH + name, Norm.Type.RMS, size, false, false);
  }

  private static ParameterTensor tensor(String name, Long... shape) {
    return new ParameterTensor(PATH + name, List.of(shape), TensorGroup.ATTENTION);
  }
}
