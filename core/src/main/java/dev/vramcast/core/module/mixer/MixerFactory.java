package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.NoMixer;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.attention.AttentionFactory;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.ParallelMixersPart;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the module in which tokens see each other.
 *
 * @param maxPositions positions for which rotary tables are kept
 */
public record MixerFactory(ModuleFactory modules, StepSettings settings, long maxPositions) {

  /** The mixer, or null for a layer without one. */
  public @Nullable LayerPart mixer(TokenMixer mixer) {
    AttentionFactory attentions = new AttentionFactory(modules, settings, maxPositions);
    if (mixer instanceof Attention attention) {
      return attentions.attention(attention);
    }
    if (mixer instanceof LatentAttention latent) {
      return attentions.latent(latent);
    }
    if (mixer instanceof RecurrentMixer recurrent) {
      return recurrent(recurrent);
    }
    if (mixer instanceof ParallelMixers parallel) {
      return new ParallelMixersPart(
          parallel.mixers().stream().map(this::mixer).filter(Objects::nonNull).toList());
    }
    if (mixer instanceof PatchAttention patches) {
      return attentions.patches(patches);
    }
    if (mixer instanceof CrossAttention cross) {
      return attentions.cross(cross);
    }
    if (mixer instanceof NoMixer) {
      return null;
    }
    throw new IllegalArgumentException("mixer " + mixer.getClass().getSimpleName());
  }

  private LayerPart recurrent(RecurrentMixer mixer) {
    List<Projection> input = modules.projections(mixer.input());
    Projection output = modules.projection(mixer.output());
    List<Norms> norms = mixer.norms().stream().map(modules::norm).toList();
    MixerParameters parameters = new MixerParameters(modules, mixer);
    return switch (mixer.kind()) {
      case GATED_DELTA ->
          new GatedDeltaPart(mixer, settings, input, parameters, norms.get(0), output);
      case MAMBA2 -> mamba2(mixer, input.get(0), parameters, norms, output);
      case MAMBA -> new MambaPart(mixer, settings, input, norms, parameters, output);
      case LIGHTNING ->
          new LightningPart(mixer, settings, input, decays(mixer), norms.get(0), output);
      case SHORT_CONVOLUTION ->
          new ShortConvolutionPart(mixer, settings, input.get(0), parameters, output);
    };
  }

  /** Of each pair of a block's tokens, then of each of its queries and keys. */
  private List<Parameter> decays(RecurrentMixer mixer) {
    long tokens = mixer.heads() * mixer.chunk();
    Parameter pairs = modules.buffer("decays", tokens * mixer.chunk());
    Parameter queries = modules.buffer("decays", tokens);
    modules.buffer("decays", tokens);
    return List.of(pairs, queries);
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
}
