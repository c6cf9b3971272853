package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.NoMixer;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.index.IndexerPart;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.ParallelMixersPart;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the module in which tokens see each other.
 *
 * @param maxPositions positions for which rotary tables are kept
 */
public record MixerFactory(ModuleFactory modules, StepSettings settings, long maxPositions) {

  /** The mixer, or null for a layer without one. */
  public @Nullable LayerPart mixer(TokenMixer mixer) {
    if (mixer instanceof Attention attention) {
      return attention(attention);
    }
    if (mixer instanceof LatentAttention latent) {
      return latent(latent);
    }
    if (mixer instanceof RecurrentMixer recurrent) {
      return recurrent(recurrent);
    }
    if (mixer instanceof ParallelMixers parallel) {
      return new ParallelMixersPart(
          parallel.mixers().stream().map(this::mixer).filter(Objects::nonNull).toList());
    }
    if (mixer instanceof PatchAttention patches) {
      return new PatchAttentionPart(
          patches,
          settings,
          modules.projection(patches.qkv()),
          modules.projection(patches.output()));
    }
    if (mixer instanceof CrossAttention cross) {
      return cross(cross);
    }
    if (mixer instanceof NoMixer) {
      return null;
    }
    throw new IllegalArgumentException("mixer " + mixer.getClass().getSimpleName());
  }

  private AttentionPart attention(Attention attention) {
    if (settings.code().cachesRotaryPerLayer()) {
      modules.buffer("rotary tables", 2 * maxPositions * attention.rotary().dimensions());
    }
    if (settings.code().keepsMaskPerLayer()) {
      modules.maskBuffer(maxPositions);
    }
    List<Projection> queryKeyValue =
        settings.framework().attention().fusedProjection() && attention.qkv().size() == 3
            ? List.of(modules.slicedProjection(attention.qkv()))
            : projections(attention.qkv());
    Projection gate = attention.gate().map(modules::projection).orElse(null);
    Projection output = modules.projection(attention.output());
    Norms queryNorm = norm(attention.queryNorm());
    Norms keyNorm = norm(attention.keyNorm());
    Parameter sinks =
        attention.sinks() ? modules.layerParameter("sinks", attention.heads(), 1) : null;
    return new AttentionPart(
        attention,
        settings,
        queryKeyValue,
        gate,
        output,
        queryNorm,
        keyNorm,
        valueNorm(attention),
        norm(attention.outputNorm()),
        sinks);
  }

  private CrossAttentionPart cross(CrossAttention cross) {
    return new CrossAttentionPart(
        cross,
        settings,
        modules.projection(cross.query()),
        modules.projection(cross.key()),
        modules.projection(cross.value()),
        modules.projection(cross.output()),
        norm(cross.queryNorm()),
        norm(cross.keyNorm()));
  }

  /** Gemma 3n and 4 normalise values by a norm without weight. */
  private @Nullable Norms valueNorm(Attention attention) {
    return settings.code().normalisesValues() && attention.keyNorm().isPresent()
        ? modules.norm(
            new Norm("v_norm", Norm.Type.RMS_WEIGHT_IN_FP32, attention.headSize(), false, false))
        : null;
  }

  private LatentAttentionPart latent(LatentAttention latent) {
    return new LatentAttentionPart(
        latent,
        settings,
        projections(latent.query()),
        norm(latent.queryNorm()),
        modules.projection(latent.keyValueDown()),
        modules.norm(latent.keyValueNorm()),
        modules.projection(latent.keyValueUp()),
        modules.projection(latent.output()),
        latent
            .choice()
            .flatMap(
                choice ->
                    choice
                        .indexer()
                        .map(each -> IndexerPart.load(modules, settings, each, choice.count())))
            .orElse(null));
  }

  private LayerPart recurrent(RecurrentMixer mixer) {
    List<Projection> input = projections(mixer.input());
    Projection output = modules.projection(mixer.output());
    List<Norms> norms = mixer.norms().stream().map(modules::norm).toList();
    MixerParameters parameters = new MixerParameters(modules, mixer);
    return switch (mixer.kind()) {
      case GATED_DELTA ->
          new GatedDeltaPart(mixer, settings, input, parameters, norms.get(0), output);
      case MAMBA2 -> mamba2(mixer, input.get(0), parameters, norms, output);
      case MAMBA -> new MambaPart(mixer, settings, input, norms, parameters, output);
      case SHORT_CONVOLUTION ->
          new ShortConvolutionPart(mixer, settings, input.get(0), parameters, output);
    };
  }

  private LayerPart mamba2(
      RecurrentMixer mixer,
      Projection input,
      MixerParameters parameters,
      List<Norms> norms,
      Projection output) {
    Norms norm = norms.isEmpty() ? null : norms.get(0);
    return settings.job().torchMixers()
        ? new Mamba2TorchPart(mixer, settings, input, parameters, norm, output)
        : new Mamba2Part(mixer, settings, input, parameters, norm, output);
  }

  private @Nullable Norms norm(Optional<Norm> norm) {
    return norm.map(modules::norm).orElse(null);
  }

  private List<Projection> projections(List<Linear> linears) {
    return modules.projections(linears);
  }
}
