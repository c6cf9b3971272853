package dev.tunefit.core.memory.step;

import dev.tunefit.core.architecture.Attention;
import dev.tunefit.core.architecture.DecoderLayer;
import dev.tunefit.core.architecture.GatedMlp;
import dev.tunefit.core.architecture.Linear;
import dev.tunefit.core.architecture.MixtureOfExperts;
import dev.tunefit.core.architecture.Mlp;
import dev.tunefit.core.architecture.Norm;
import dev.tunefit.core.architecture.PlainMlp;
import dev.tunefit.core.architecture.TokenMixer;
import java.util.List;
import java.util.Optional;

/**
 * Builds the modules of a decoder layer, which puts their parameters onto the tape.
 *
 * @param maxPositions positions for which rotary tables are kept
 */
record LayerFactory(ModuleFactory modules, StepSettings settings, long maxPositions) {

  LayerModule layer(DecoderLayer layer) {
    Norms beforeMixer = norm(layer.beforeMixer());
    LayerPart mixer = mixer(layer.mixer());
    Norms afterMixer = norm(layer.afterMixer());
    Norms beforeMlp = norm(layer.beforeMlp());
    LayerPart mlp = mlp(layer.mlp());
    Norms afterMlp = norm(layer.afterMlp());
    return new LayerModule(layer, mixer, mlp, beforeMixer, afterMixer, beforeMlp, afterMlp);
  }

  private Norms norm(Optional<Norm> norm) {
    return norm.map(modules::norm).orElse(null);
  }

  private LayerPart mixer(TokenMixer mixer) {
    if (mixer instanceof Attention attention) {
      if (settings.code().cachesRotaryPerLayer()) {
        modules.buffer("rotary tables", 2 * maxPositions * attention.rotary().dimensions());
      }
      return new AttentionPart(
          attention,
          settings,
          queryKeyValue(attention),
          modules.projection(attention.output()),
          norm(attention.queryNorm()),
          norm(attention.keyNorm()));
    }
    throw new UnsupportedOperationException("mixer " + mixer.getClass().getSimpleName());
  }

  private List<Projection> queryKeyValue(Attention attention) {
    return settings.isLitGpt() && attention.qkv().size() == 3
        ? List.of(modules.slicedProjection(attention.qkv()))
        : projections(attention.qkv());
  }

  private LayerPart mlp(Mlp mlp) {
    if (mlp instanceof GatedMlp gated) {
      return mixtures().gated(gated);
    }
    if (mlp instanceof PlainMlp plain) {
      return new PlainMlpPart(
          settings,
          modules.projection(plain.up()),
          modules.projection(plain.down()),
          plain.activation());
    }
    if (mlp instanceof MixtureOfExperts mixture) {
      return mixtures().mixture(mixture);
    }
    return null;
  }

  private MixtureFactory mixtures() {
    return new MixtureFactory(modules, settings);
  }

  private List<Projection> projections(List<Linear> linears) {
    return linears.stream().map(modules::projection).toList();
  }
}
