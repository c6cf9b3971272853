package dev.vramcast.core.step.stack;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.TokenChoice;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.module.LayerModule;
import dev.vramcast.core.module.part.KeyValueCache;
import dev.vramcast.core.module.part.Seeing;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/** What of a layer is there when it has run, beside what its backward pass needs. */
final class OutlivingStates {

  private final Graph graph;
  private final StepSettings settings;
  private final SharedInputs shared;

  OutlivingStates(Graph graph, StepSettings settings, SharedInputs shared) {
    this.graph = graph;
    this.settings = settings;
    this.shared = shared;
  }

  /**
   * What the returned key-value cache holds of a layer that runs again: keys and values, or the
   * fused projection that they are views of.
   */
  void keepCache(Piece piece, LayerModule layer) {
    KeyValueCache cache = shared.cache();
    if (layer.layer().mixer() instanceof CrossAttention cross) {
      keepImages(piece, cross, checkpoints() && cache == null);
    } else if (cache != null) {
      piece.caches().addAll(cache.take());
    } else if (checkpoints() && layer.layer().mixer() instanceof Attention attention) {
      keepRecomputed(piece, attention);
    }
  }

  private void keepRecomputed(Piece piece, Attention attention) {
    if (settings.code().returnsCacheFromCheckpoints() && attention.fusedQkv()) {
      DataType dtype =
          settings.autocast() && !settings.job().quantization().isNone()
              ? DataType.FP32
              : settings.computeDtype();
      keepCache(piece, settings.tokens() * attention.qkv().get(0).out(), dtype);
    } else if (settings.framework().is(LoopCode.KEEPS_CACHE)) {
      long both = (long) attention.kvHeads() * (attention.headSize() + attention.valueSize());
      keepCache(piece, settings.tokens() * both, settings.computeDtype());
    }
  }

  /**
   * Keys and values of images, which are repeated for the heads of queries: the cache holds them as
   * they were. The language model's own {@code use_cache} decides since 5.0, which a trainer that
   * changes the whole model's leaves as it is (MllamaTextModel.forward).
   */
  private void keepImages(Piece piece, CrossAttention cross, boolean recomputed) {
    FrameworkCode framework = settings.framework();
    boolean own = settings.code().version().atLeast(5, 0) && !framework.is(LoopCode.FORBIDS_CACHE);
    if (recomputed ? framework.is(LoopCode.KEEPS_CACHE) : own) {
      Seeing seeing = shared.seeing();
      long each = settings.batch() * seeing.keys() * cross.kvHeads() * cross.headSize();
      DataType values = settings.autocast() ? settings.computeDtype() : seeing.states().dtype();
      DataType norm = settings.baseDtype();
      keepCache(piece, each, norm.bytes() > values.bytes() ? norm : values);
      keepCache(piece, each, values);
    }
  }

  private void keepCache(Piece piece, long elements, DataType dtype) {
    piece
        .caches()
        .add(graph.allocate(Aten.CAT, "key-value cache", Category.ACTIVATIONS, elements, dtype));
  }

  /** A choice that is handed on is an input of the next layer, which its checkpoint holds. */
  void keepChoice(Piece piece, LayerModule layer) {
    boolean runsAgain = checkpoints() && graph.gradEnabled();
    if (!runsAgain || !(layer.layer().mixer() instanceof LatentAttention latent)) {
      return;
    }
    latent
        .choice()
        .filter(TokenChoice::handedOn)
        .map(choice -> settings.tokens() * Math.min(choice.count(), settings.sequence()))
        .map(
            each ->
                graph.allocate(Aten.TO_COPY, "chosen tokens", Category.OTHER, each, DataType.INT32))
        .ifPresent(piece.choices()::add);
  }

  private boolean checkpoints() {
    return settings.code().checkpointsLayers()
        && settings.job().checkpointing() != Checkpointing.NONE;
  }
}
