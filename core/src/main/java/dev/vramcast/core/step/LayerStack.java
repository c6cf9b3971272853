package dev.vramcast.core.step;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.TokenChoice;
import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Checkpoints;
import dev.vramcast.core.autograd.op.Compiled;
import dev.vramcast.core.autograd.op.NamedWeights;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.module.LayerMasks;
import dev.vramcast.core.module.LayerModule;
import dev.vramcast.core.module.RepeatedLayers;
import dev.vramcast.core.module.part.KeyValueCache;
import dev.vramcast.core.module.part.Seeing;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.module.vision.VisionOps;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Forward and backward pass through all layers; equal layers run once and count as many. */
final class LayerStack {

  private final Graph graph;
  private final StepSettings settings;
  private final SharedInputs shared;
  private final Sharding sharding;
  private final LayerMasks masks;
  private final KeptInputs leaves;
  private final List<Piece> pieces = new ArrayList<>();
  private boolean inputStays;

  /** Equal layers, or the first iteration of them where that differs, between two boundaries. */
  private static final class Piece {
    private final RepeatedLayers layers;
    private final int times;
    private final Boundary boundary = new Boundary();

    /** Both are null until it runs. */
    private @Nullable Recording recording;

    private @Nullable Tensor output;
    private final List<Tensor> caches = new ArrayList<>();

    /** What the model names of what layers give. */
    private final List<Tensor> states = new ArrayList<>();

    /** What checkpoints hold of chosen tokens. */
    private final List<Tensor> choices = new ArrayList<>();

    /** What is added to the tokens of images behind its one layer; null where nothing is. */
    private @Nullable Tensor features;

    Piece(RepeatedLayers layers, int times) {
      this.layers = layers;
      this.times = times;
    }
  }

  /** No layers run yet. */
  LayerStack(Graph graph, StepSettings settings, LayerMasks masks, Sharding sharding) {
    this.graph = graph;
    this.sharding = sharding;
    this.settings = settings;
    this.shared = masks.shared();
    this.masks = masks;
    this.leaves = new KeptInputs(graph, sharding.keepsInputs());
  }

  /** What goes into the first layer is the caller's past it, unlike that of the others. */
  void keepInput() {
    inputStays = true;
  }

  /**
   * As {@link #forward(List, Tensor)}, adding features behind the first layers, one of them each;
   * they stay the caller's.
   */
  Tensor forward(List<RepeatedLayers> all, Tensor hidden, List<Tensor> features) {
    if (features.isEmpty()) {
      return forward(all, hidden);
    }
    Tensor current = hidden;
    for (Tensor each : features) {
      Piece piece = new Piece(all.get(0), 1);
      piece.features = each;
      current = forward(piece, current);
    }
    List<RepeatedLayers> rest = new ArrayList<>(all);
    rest.set(0, all.get(0).of(all.get(0).times() - features.size()));
    return forward(rest, current);
  }

  /** Runs all layers; takes over {@code hidden}. */
  Tensor forward(List<RepeatedLayers> all, Tensor hidden) {
    Tensor current = hidden;
    boolean isolates = sharding.overlapsUnits();
    for (RepeatedLayers layers : all) {
      boolean firstDiffers =
          isolates
              || !graph.gradEnabled()
              || startsGradients(layers, current)
              || widens(layers, current)
              || (inputStays && pieces.isEmpty());
      int rest = layers.times();
      if (graph.gradEnabled() && masks.beginWithin(layers)) {
        for (int i = 0; i < layers.layers().size(); i++) {
          current = forward(new Piece(layers.alone(i), 1), current);
        }
        firstDiffers = false;
        if (--rest == 0) {
          continue;
        }
      }
      int apart = sharding.apart();
      for (int i = 0; apart > 0 && rest > 1; i++) {
        int times = i == apart && rest > apart + 1 ? rest - apart : 1;
        current = forward(new Piece(layers, times), current);
        rest -= times;
      }
      boolean lastDiffers = rest > 1 && sendsBeside(layers);
      rest -= lastDiffers ? 1 : 0;
      if (firstDiffers && rest > 1) {
        current = forward(new Piece(layers, 1), current);
        rest--;
      }
      if (isolates && rest > 1) {
        current = forward(new Piece(layers, rest - 1), current);
        rest = 1;
      }
      current = forward(new Piece(layers, rest), current);
      if (lastDiffers) {
        current = forward(new Piece(layers, 1), current);
      }
    }
    return current;
  }

  /** What all layers look at has its first gradient from the last; so have states of distances. */
  private boolean sendsBeside(RepeatedLayers layers) {
    SharedInputs.Biases biases = shared.biases();
    boolean biased =
        biases != null && (biases.own().requiresGrad() || biases.cross().requiresGrad());
    Seeing seeing = shared.images();
    boolean sees = seeing != null && seeing.states().requiresGrad();
    return biased
        || shared.distances() != null
        || sees && layers.layers().stream().anyMatch(LayerModule::looks);
  }

  /** Only the first of equal layers gets an input that needs no gradient. */
  private boolean startsGradients(RepeatedLayers layers, Tensor input) {
    return graph.gradEnabled() && !input.requiresGrad() && layers.needsGradients();
  }

  /** Only the first of equal layers gets hidden states that are not in fp32 yet. */
  private boolean widens(RepeatedLayers layers, Tensor input) {
    DecoderLayer layer = layers.layers().get(0).layer();
    return input.dtype() != DataType.FP32
        && (layer.wiring() == Wiring.WIDE || settings.widensQuantised(layer));
  }

  private Tensor forward(Piece piece, Tensor hidden) {
    sharding.beforeLayers(pieces.size(), piece.times);
    repeat(
        piece.times,
        () -> {
          Tensor inside = graph.enter(hidden, piece.boundary);
          piece.recording =
              graph.record(
                  () -> {
                    Tensor current = inside;
                    for (LayerModule layer : piece.layers.layers()) {
                      current = run(layer, current, repeats(piece));
                      keepCache(piece, layer);
                      keepChoice(piece, layer);
                      if (shared.keepsStates()) {
                        piece.states.add(current.hold());
                      }
                    }
                    Tensor features = piece.features;
                    piece.output =
                        features == null ? current : VisionOps.enriched(graph, current, features);
                  });
        });
    sharding.afterLayers();
    piece.layers.separateCasts(graph);
    pieces.add(piece);
    masks.ahead(piece.layers);
    return Objects.requireNonNull(piece.output);
  }

  private void repeat(int times, Runnable layers) {
    NamedWeights weights = shared.weights();
    if (weights == null) {
      graph.repeat(times, layers);
    } else {
      weights.startLoop();
      weights.repeat(graph, times, layers);
    }
  }

  /** The model returns. */
  void endLoop() {
    NamedWeights weights = shared.weights();
    if (weights != null) {
      weights.endLoop(graph);
    }
    pieces.stream()
        .filter(piece -> !piece.states.isEmpty())
        .forEach(it -> graph.repeat(it.times, () -> it.states.forEach(graph::release)));
  }

  /**
   * What the returned key-value cache holds of a layer that runs again: keys and values, or the
   * fused projection that they are views of.
   */
  private void keepCache(Piece piece, LayerModule layer) {
    boolean recomputed =
        settings.code().checkpointsLayers() && settings.job().checkpointing() != Checkpointing.NONE;
    KeyValueCache cache = shared.cache();
    if (layer.layer().mixer() instanceof CrossAttention cross) {
      keepCache(piece, cross, recomputed && cache == null);
      return;
    }
    if (cache != null) {
      piece.caches.addAll(cache.take());
      return;
    }
    if (!recomputed || !(layer.layer().mixer() instanceof Attention attention)) {
      return;
    }
    if (settings.code().returnsCacheFromCheckpoints() && attention.fusedQkv()) {
      DataType dtype =
          settings.autocast() && !settings.job().quantization().isNone()
              ? DataType.FP32
              : settings.computeDtype();
      keepCache(piece, settings.tokens() * attention.qkv().get(0).out(), dtype);
    } else if (settings.framework().loop().keepsCache()) {
      long both = (long) attention.kvHeads() * (attention.headSize() + attention.valueSize());
      keepCache(piece, settings.tokens() * both, settings.computeDtype());
    }
  }

  /**
   * Keys and values of images, which are repeated for the heads of queries: the cache holds them as
   * they were. The language model's own {@code use_cache} decides since 5.0, which a trainer that
   * changes the whole model's leaves as it is (MllamaTextModel.forward).
   */
  private void keepCache(Piece piece, CrossAttention cross, boolean recomputed) {
    LoopCode loop = settings.framework().loop();
    boolean own = settings.code().version().atLeast(5, 0) && !loop.forbidsCache();
    if (recomputed ? loop.keepsCache() : own) {
      Seeing seeing = shared.seeing();
      long each = settings.batch() * seeing.keys() * cross.kvHeads() * cross.headSize();
      DataType values = settings.autocast() ? settings.computeDtype() : seeing.states().dtype();
      DataType norm = settings.baseDtype();
      keepCache(piece, each, norm.bytes() > values.bytes() ? norm : values);
      keepCache(piece, each, values);
    }
  }

  /** A choice that is handed on is an input of the next layer, which its checkpoint holds. */
  private void keepChoice(Piece piece, LayerModule layer) {
    if (!recomputes() || !(layer.layer().mixer() instanceof LatentAttention latent)) {
      return;
    }
    latent
        .choice()
        .filter(TokenChoice::handedOn)
        .map(choice -> settings.tokens() * Math.min(choice.count(), settings.sequence()))
        .map(
            each ->
                graph.allocate(Aten.TO_COPY, "chosen tokens", Category.OTHER, each, DataType.INT32))
        .ifPresent(piece.choices::add);
  }

  private boolean recomputes() {
    return settings.code().checkpointsLayers()
        && settings.job().checkpointing() != Checkpointing.NONE
        && graph.gradEnabled();
  }

  private void dropChoices(Piece piece) {
    piece.choices.forEach(graph::release);
    piece.choices.clear();
  }

  private void keepCache(Piece piece, long elements, DataType dtype) {
    piece.caches.add(
        graph.allocate(Aten.CAT, "key-value cache", Category.ACTIVATIONS, elements, dtype));
  }

  /** The forward pass has returned and its outputs are dropped. */
  void dropCaches() {
    for (Piece piece : pieces) {
      if (!piece.caches.isEmpty()) {
        graph.repeat(piece.times, () -> piece.caches.forEach(graph::release));
      }
    }
  }

  /**
   * Whether the layers of a piece have checkpoints, where a job asks for any. Frozen layers in
   * front of all that are trained keep nothing without one either.
   */
  private boolean repeats(Piece piece) {
    return settings.code().checkpointsLayers()
        && !settings.checkpointsParts()
        && (piece.layers.needsGradients() || !checkpointsTrained());
  }

  private boolean checkpointsTrained() {
    return settings.job().optimizer().name().takesTurns()
        && settings.framework().layers().checkpointsTrained();
  }

  private Tensor run(LayerModule layer, Tensor input, boolean repeats) {
    return layer.unit().leave(inside(layer, layer.unit().enter(input), repeats));
  }

  private Tensor inside(LayerModule layer, Tensor input, boolean repeats) {
    return settings.compiles(layer.layer())
        ? Compiled.region(graph, input, x -> checkpointed(layer, x, repeats))
        : checkpointed(layer, input, repeats);
  }

  private Tensor checkpointed(LayerModule layer, Tensor input, boolean repeats) {
    UnaryOperator<Tensor> call = x -> layer.forward(graph, x, shared);
    if (!repeats) {
      return call.apply(input);
    }
    return switch (settings.job().checkpointing()) {
      case NONE -> call.apply(input);
      case SELECTIVE -> Checkpoints.selective(graph, input, call, settings.job().compile());
      case OFFLOADED -> Checkpoints.offloaded(graph, input, call, leaves::add);
      case FULL ->
          settings.job().reentrant()
              ? Checkpoints.reentrant(graph, input, call, leaves::add, shared.weights())
              : Checkpoints.nonReentrant(graph, input, call);
    };
  }

  /** Frees what all layers saved, of whose result nothing has come back. */
  void drop() {
    for (Piece piece : pieces) {
      graph.repeat(
          piece.times,
          () -> {
            BackwardPass.drop(graph, Objects.requireNonNull(piece.recording));
            dropChoices(piece);
          });
    }
  }

  /** Runs the backward pass of all layers and returns the gradient of their input, or null. */
  @Nullable Tensor backward(Tensor gradient) {
    Tensor current = gradient;
    for (int i = pieces.size() - 1; i >= 0 && current != null; i--) {
      current = backward(pieces.get(i), current);
      masks.ran(graph, i);
    }
    return current;
  }

  /** The backward pass of the whole model has run. */
  void dropInputs() {
    leaves.drop();
    pieces.stream()
        .filter(piece -> !piece.choices.isEmpty())
        .forEach(piece -> graph.repeat(piece.times, () -> dropChoices(piece)));
  }

  private @Nullable Tensor backward(Piece piece, Tensor gradient) {
    // Pieces of equal layers share parameters; each layer has gradients of its own.
    piece.layers.beginBackward(pieces.indexOf(piece), !settings.startsWithGradients());
    if (piece == pieces.get(0)) {
      shared.endReading(graph);
    }
    sharding.beforeLayers(pieces.indexOf(piece), piece.times);
    graph.repeat(
        piece.times,
        () -> {
          graph.send(Objects.requireNonNull(piece.output), gradient);
          shared.beginBackward(graph, piece == pieces.get(0));
          graph.backward(Objects.requireNonNull(piece.recording));
          shared.endBackward(graph);
          dropChoices(piece);
        });
    sharding.afterLayers();
    piece.layers.endBackward(pieces.indexOf(piece));
    return piece.boundary.take();
  }
}
