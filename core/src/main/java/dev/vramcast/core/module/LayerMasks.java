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
public final class LayerMasks {

  private final SharedInputs shared;
  private final StepSettings settings;
  private final List<Tensor> masks = new ArrayList<>();
  private final List<Tensor> ended = new ArrayList<>();
  private final List<RepeatedLayers> ahead = new ArrayList<>();
  private final boolean endEarly;

  private LayerMasks(SharedInputs shared, StepSettings settings, boolean endEarly) {
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

  /** Masks of layers that alone read them. */
  public static LayerMasks of(SharedInputs shared, StepSettings settings) {
    Checkpointing kind = settings.job().checkpointing();
    boolean frames =
        settings.code().checkpointsLayers()
            && !settings.job().reentrant()
            && (kind == Checkpointing.FULL || kind == Checkpointing.SELECTIVE);
    return new LayerMasks(shared, settings, frames);
  }

  /** Masks that live until their owner frees them. */
  public static LayerMasks kept(SharedInputs shared, StepSettings settings) {
    return new LayerMasks(shared, settings, false);
  }

  /** What the layers read. */
  public SharedInputs shared() {
    return shared;
  }

  private void add(SharedInputs.Rotation tables) {
    masks.add(tables.cos());
    masks.add(tables.sin());
  }

  private void add(@Nullable Tensor mask) {
    if (mask != null) {
      masks.add(mask);
    }
  }

  /**
   * Whether the first of equal layers run apart from each other: one behind the first is the first
   * of all to read a mask.
   */
  public boolean beginWithin(RepeatedLayers layers) {
    return layers.layers().size() > 1
        && endEarly
        && masks.stream()
            .anyMatch(
                mask ->
                    !reads(layers.layers().get(0).layer(), mask)
                        && reads(layers, mask)
                        && !reads(ahead, mask));
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
      for (Tensor mask : masks) {
        boolean last = !reads(ahead.subList(0, rest), mask);
        if (last && lives(mask) && reads(ahead.subList(rest, ahead.size()), mask)) {
          ended.add(mask);
          g.release(mask);
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

  private boolean reads(List<RepeatedLayers> all, Tensor mask) {
    return all.stream().anyMatch(layers -> reads(layers, mask));
  }

  private boolean reads(RepeatedLayers layers, Tensor mask) {
    return layers.layers().stream().anyMatch(module -> reads(module.layer(), mask));
  }

  private boolean reads(DecoderLayer layer, Tensor mask) {
    List<TokenMixer> mixers =
        layer.mixer() instanceof ParallelMixers parallel
            ? parallel.mixers()
            : List.of(layer.mixer());
    return mixers.stream().anyMatch(mixer -> read(mixer) == mask || rotates(mixer, mask));
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

  private @Nullable Tensor read(TokenMixer mixer) {
    if (mixer instanceof Attention attention) {
      boolean slides = attention.slidingWindow() > 0 && !settings.code().alwaysMasks();
      return slides ? shared.masks().sliding() : shared.masks().full();
    }
    if (mixer instanceof CompressedAttention) {
      return shared.masks().sliding();
    }
    return mixer instanceof LatentAttention ? shared.masks().full() : null;
  }
}
