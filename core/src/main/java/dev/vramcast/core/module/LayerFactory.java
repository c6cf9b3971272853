package dev.vramcast.core.module;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.NoMlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.experts.MixtureFactory;
import dev.vramcast.core.module.mixer.MixerFactory;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.PerLayerInputPart;
import dev.vramcast.core.module.part.PlainMlpPart;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import java.util.Optional;

/**
 * Builds the modules of a decoder layer, which puts their parameters onto the trace.
 *
 * @param maxPositions positions for which rotary tables are kept
 */
record LayerFactory(ModuleFactory modules, StepSettings settings, long maxPositions) {

  LayerModule layer(DecoderLayer layer) {
    LayerModule[] built = new LayerModule[1];
    ShardUnit unit = modules.unit(Sharding.Place.LAYER, () -> built[0] = build(layer));
    return built[0].in(unit);
  }

  private LayerModule build(DecoderLayer layer) {
    Norms beforeMixer = norm(layer.beforeMixer());
    LayerPart mixer = new MixerFactory(modules, settings, maxPositions).mixer(layer.mixer());
    Norms afterMixer = norm(layer.afterMixer());
    Norms beforeMlp = norm(layer.beforeMlp());
    LayerPart mlp = mlp(layer.mlp());
    Norms afterMlp = norm(layer.afterMlp());
    LayerExtras extras = layer.extras();
    AltUpLayer altUp = extras.altUp().map(part -> AltUpLayer.load(modules, part)).orElse(null);
    PerLayerInputPart perLayer =
        extras.perLayerInput().map(part -> PerLayerInputPart.load(modules, part)).orElse(null);
    extras.otherLinears().forEach(modules::projection);
    for (ParameterTensor tensor : extras.otherParameters()) {
      modules.layerParameter("other parameters", tensor.count(), 1);
    }
    return new LayerModule(
        layer,
        mixer,
        mlp,
        beforeMixer,
        afterMixer,
        beforeMlp,
        afterMlp,
        perLayer,
        altUp,
        settings.sequenceSplit(),
        ShardUnit.NONE);
  }

  private Norms norm(Optional<Norm> norm) {
    return norm.map(modules::norm).orElse(null);
  }

  /** The MLP, or null for a layer without one. */
  private LayerPart mlp(Mlp mlp) {
    MixtureFactory mixtures = new MixtureFactory(modules, settings);
    if (mlp instanceof GatedMlp gated) {
      return mixtures.gated(gated);
    }
    if (mlp instanceof PlainMlp plain) {
      return new PlainMlpPart(
          settings,
          modules.projection(plain.up()),
          modules.projection(plain.down()),
          plain.activation());
    }
    if (mlp instanceof MixtureOfExperts mixture) {
      return mixtures.mixture(mixture);
    }
    if (mlp instanceof NoMlp) {
      return null;
    }
    throw new IllegalArgumentException("MLP " + mlp.getClass().getSimpleName());
  }
}
