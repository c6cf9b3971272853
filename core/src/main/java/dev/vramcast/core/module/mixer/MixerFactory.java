package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.NoMixer;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.attention.AttentionFactory;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.ParallelMixersPart;
import dev.vramcast.core.module.part.Trainable;
import java.util.ArrayList;
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
    if (mixer instanceof CompressedAttention compressed) {
      return attentions.compressed(compressed);
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
    List<Projection> input = input(mixer);
    Projection output = modules.projection(mixer.output());
    List<Norms> norms = mixer.norms().stream().map(modules::norm).toList();
    MixerParameters parameters = new MixerParameters(modules, mixer);
    return switch (mixer.kind()) {
      case GATED_DELTA ->
          new GatedDeltaPart(mixer, settings, input, parameters, norms.get(0), output);
      case CHANNEL_DELTA, BOUNDED_CHANNEL_DELTA ->
          new ChannelDeltaPart(mixer, settings, input, parameters, norms.get(0), output);
      case MAMBA2 -> mamba2(mixer, input.get(0), parameters, norms, output);
      case MAMBA, INNER_MAMBA -> mamba(mixer, input, parameters, norms, output);
      case GATED_UNIT -> new GatedUnitPart(mixer, settings, input, parameters, output);
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

  private LayerPart mamba(
      RecurrentMixer mixer,
      List<Projection> input,
      MixerParameters parameters,
      List<Norms> norms,
      Projection output) {
    if (settings.job().torchMixers()) {
      return new MambaTorchPart(mixer, settings, input, norms, parameters, output);
    }
    return mixer.kind() == RecurrentMixer.Kind.INNER_MAMBA
        ? new InnerMambaPart(mixer, settings, input, norms, parameters, output)
        : new MambaPart(mixer, settings, input, norms, parameters, output);
  }

  private List<Projection> input(RecurrentMixer mixer) {
    List<Projection> all = new ArrayList<>();
    for (Linear linear : mixer.input()) {
      boolean reached = calls(mixer.kind(), all.size());
      all.add(reached ? modules.projection(linear) : unreached(linear));
    }
    return all;
  }

  /**
   * Whether Mamba's code calls a projection of its input, and does not use the weight alone.
   *
   * @param index 0 of hidden states, 1 of the scan's parameters, 2 of the time step
   */
  private boolean calls(RecurrentMixer.Kind kind, int index) {
    boolean inner = kind == RecurrentMixer.Kind.INNER_MAMBA;
    if (!inner && kind != RecurrentMixer.Kind.MAMBA) {
      return true;
    }
    return settings.job().torchMixers()
        ? index < 2 || !settings.job().quantization().isNone()
        : index == 0 || !inner;
  }

  /** A projection whose adapter, if it has one, gets no gradient. */
  private Projection unreached(Linear linear) {
    int before = modules.trainables().size();
    Projection projection = modules.projection(linear);
    if (projection.adapter() != null) {
      List<Trainable> all = modules.trainables();
      all.subList(before, all.size()).forEach(each -> each.parameter().putOutOfReach());
    }
    return projection;
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
