package dev.vramcast.core.module;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.module.part.SharedInputs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Masks, and rotary tables of each type of layers, that layers read which run again: past the
 * model's own call only the checkpoints of those layers hold them, whose frames go as the backward
 * pass comes through (torch/utils/checkpoint.py _CheckpointFrame). What a reentrant checkpoint
 * holds goes with the whole graph.
 */
public final class LayerInputs {

  private final SharedInputs shared;
  private final StepSettings settings;
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<Tensor> ended = new ArrayList<>();
  private final List<RepeatedLayers> ahead = new ArrayList<>();
  private final boolean endEarly;

  private LayerInputs(SharedInputs shared, StepSettings settings, boolean endEarly) {
    this.shared = shared;
    this.settings = settings;
    this.endEarly = endEarly;
    add(shared.masks().full());
    add(shared.masks().sliding());
    SharedInputs.Tables tables = shared.tables();
    if (tables.full() != null && tables.sliding() != null) {
      add(tables.full());
      add(tables.sliding());
    }
  }

  /** Those of layers that alone read them. */
  public static LayerInputs of(SharedInputs shared, StepSettings settings) {
    Checkpointing kind = settings.job().checkpointing();
    boolean frames =
        settings.code().checkpointsLayers()
            && !settings.job().reentrant()
            && (kind == Checkpointing.FULL || kind == Checkpointing.SELECTIVE);
    return new LayerInputs(shared, settings, frames);
  }

  /** Those that live until their owner frees them. */
  public static LayerInputs kept(SharedInputs shared, StepSettings settings) {
    return new LayerInputs(shared, settings, false);
  }

  /** What the layers read. */
  public SharedInputs shared() {
    return shared;
  }

  private void add(SharedInputs.Rotation tables) {
    inputs.add(tables.cos());
    inputs.add(tables.sin());
  }

  private void add(@Nullable Tensor input) {
    if (input != null) {
      inputs.add(input);
    }
  }

  /**
   * Whether the first of equal layers run apart from each other: one behind the first is the first
   * of all to read one.
   */
  public boolean beginWithin(RepeatedLayers layers) {
    return layers.layers().size() > 1
        && endEarly
        && inputs.stream()
            .anyMatch(
                input ->
                    !reads(layers.layers().get(0).layer(), input)
                        && reads(layers, input)
                        && !reads(ahead, input));
  }

  /** These layers run next. */
  public void ahead(RepeatedLayers layers) {
    ahead.add(layers);
  }

  /**
   * Frees what the layers read that have run backward and none does to which it still comes.
   *
   * @param rest how many of those that were {@link #ahead} these are, from the first
   */
  public void ran(Graph g, int rest) {
    if (endEarly) {
      for (Tensor input : inputs) {
        boolean last = !reads(ahead.subList(0, rest), input);
        if (last && lives(input) && reads(ahead.subList(rest, ahead.size()), input)) {
          ended.add(input);
          g.release(input);
        }
      }
    }
  }

  /** No layer runs again: frees what still lives of what layers share. */
  public void release(Graph g) {
    shared.release(g, this::lives);
  }

  private boolean lives(Tensor tensor) {
    return ended.stream().noneMatch(each -> each == tensor);
  }

  private boolean reads(List<RepeatedLayers> all, Tensor input) {
    return all.stream().anyMatch(layers -> reads(layers, input));
  }

  private boolean reads(RepeatedLayers layers, Tensor input) {
    return layers.layers().stream().anyMatch(module -> reads(module.layer(), input));
  }

  private boolean reads(DecoderLayer layer, Tensor input) {
    List<TokenMixer> mixers =
        layer.mixer() instanceof ParallelMixers parallel
            ? parallel.mixers()
            : List.of(layer.mixer());
    return mixers.stream().anyMatch(mixer -> mask(mixer) == input || rotates(mixer, input));
  }

  private boolean rotates(TokenMixer mixer, Tensor table) {
    if (!(mixer instanceof Attention attention)
        || attention.rotary().style() == Rotary.Style.NONE
        || shared.tables().sliding() == null) {
      return false;
    }
    SharedInputs.Rotation own = shared.rotation(attention.slidingWindow() > 0);
    return own.cos() == table || own.sin() == table;
  }

  private @Nullable Tensor mask(TokenMixer mixer) {
    if (mixer instanceof Attention attention) {
      boolean slides =
          attention.slidingWindow() > 0
              && !settings.code().alwaysMasks()
              && !settings.code().keepsMaskPerLayer();
      return slides ? shared.masks().sliding() : shared.masks().full();
    }
    if (mixer instanceof CompressedAttention) {
      return shared.masks().sliding();
    }
    return mixer instanceof LatentAttention ? shared.masks().full() : null;
  }
}
