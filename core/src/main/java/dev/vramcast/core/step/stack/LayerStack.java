package dev.vramcast.core.step.stack;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.RouterScores;
import dev.vramcast.core.autograd.op.NamedWeights;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.LayerInputs;
import dev.vramcast.core.module.LayerModule;
import dev.vramcast.core.module.RepeatedLayers;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.module.vision.VisionOps;
import dev.vramcast.core.shard.Sharding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Forward and backward pass through all layers; equal layers run once and count as many. */
public final class LayerStack {

  private final Graph graph;
  private final StepSettings settings;
  private final SharedInputs shared;
  private final Sharding sharding;
  private final LayerInputs layerInputs;
  private final KeptInputs inputs;
  private final Pieces divided;
  private final CheckpointedLayers checkpointed;
  private final OutlivingStates outliving;
  private final BalanceWriter balance;
  private final List<Piece> pieces = new ArrayList<>();

  /** What goes into layers is named until {@link #dropReturnedInputs}. */
  private boolean returnsInputs;

  /** No layers run yet. */
  public LayerStack(
      Graph graph, StepSettings settings, LayerInputs layerInputs, Sharding sharding) {
    this.graph = graph;
    this.sharding = sharding;
    this.settings = settings;
    this.shared = layerInputs.shared();
    this.layerInputs = layerInputs;
    this.inputs = new KeptInputs(graph, sharding.keepsInputs());
    this.divided = new Pieces(graph, settings, layerInputs, sharding);
    this.checkpointed = new CheckpointedLayers(graph, settings, shared, inputs);
    this.outliving = new OutlivingStates(graph, settings, shared);
    this.balance = new BalanceWriter(graph);
  }

  /** What goes into the first layer is the caller's past it, unlike that of the others. */
  public void keepInput() {
    divided.keepInput();
  }

  /** The model returns what each layer was given ({@code output_hidden_states}). */
  public void returnInputs() {
    returnsInputs = true;
  }

  /**
   * As {@link #forward(List, Tensor)}, adding features behind the first layers, one of them each;
   * they stay the caller's.
   */
  public Tensor forward(List<RepeatedLayers> all, Tensor hidden, List<Tensor> features) {
    if (features.isEmpty()) {
      return forward(all, hidden);
    }
    Tensor current = hidden;
    int group = 0;
    int used = 0;
    for (Tensor each : features) {
      if (used == all.get(group).times()) {
        // Layers differ where a copy in 4 bits keeps some of the first in 16.
        group++;
        used = 0;
      }
      Piece piece = new Piece(all.get(group), 1);
      current = forward(piece, current, x -> VisionOps.enriched(graph, x, each));
      used++;
    }
    List<RepeatedLayers> rest = new ArrayList<>(all.subList(group, all.size()));
    RepeatedLayers begun = rest.remove(0);
    if (begun.times() > used) {
      rest.add(0, begun.of(begun.times() - used));
    }
    return forward(rest, current);
  }

  /** Runs all layers; takes over {@code hidden}. */
  public Tensor forward(List<RepeatedLayers> all, Tensor hidden) {
    Tensor current = hidden;
    for (RepeatedLayers layers : all) {
      for (Piece piece : divided.of(layers, current, pieces.isEmpty())) {
        current = forward(piece, current, UnaryOperator.identity());
      }
    }
    return current;
  }

  private Tensor forward(Piece piece, Tensor hidden, UnaryOperator<Tensor> behind) {
    sharding.beforeLayers(pieces.size(), piece.times());
    repeat(
        piece.times(),
        () -> {
          Tensor inside = piece.boundary().enter(graph, hidden);
          piece.ran(graph.record(() -> piece.gave(behind.apply(throughLayers(piece, inside)))));
        });
    sharding.afterLayers();
    piece.layers().separateCasts(graph);
    pieces.add(piece);
    layerInputs.ahead(piece.layers());
    return piece.output();
  }

  private Tensor throughLayers(Piece piece, Tensor input) {
    Tensor current = input;
    boolean again = checkpointed.runAgain(piece.layers());
    for (int i = 0; i < piece.layers().layers().size(); i++) {
      LayerModule layer = piece.layers().layers().get(i);
      if (returnsInputs) {
        piece.inputs().add(current.hold());
      }
      current = checkpointed.run(layer, current, again && piece.layers().checkpointed().get(i));
      outliving.keepCache(piece, layer);
      outliving.keepChoice(piece, layer);
      if (shared.scores() != null) {
        piece.scores().addAll(shared.scores().take());
      }
      if (shared.keepsStates()) {
        piece.states().add(current.hold());
      }
    }
    return current;
  }

  /**
   * All layers have run, and the loss that balances experts takes the scores that they returned.
   */
  public void balance() {
    RouterScores scores = shared.scores();
    if (scores != null) {
      scores.end();
      boolean oneRow = settings.job().batch().segments() > 1;
      balance.forward(pieces, oneRow ? 0 : settings.tokens());
    }
  }

  /** The backward pass of that loss. */
  public void balanceBackward() {
    balance.backward();
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
  public void endLoop() {
    NamedWeights weights = shared.weights();
    if (weights != null) {
      weights.endLoop(graph);
    }
    pieces.forEach(piece -> piece.release(graph, piece.states()));
  }

  /** What layers were given is named no more. */
  public void dropReturnedInputs() {
    pieces.forEach(
        piece -> {
          piece.release(graph, piece.inputs());
          piece.inputs().clear();
        });
  }

  /** The forward pass has returned and its outputs are dropped. */
  public void dropCaches() {
    pieces.forEach(piece -> piece.release(graph, piece.caches()));
  }

  /** Frees what all layers saved, of whose result nothing has come back. */
  public void drop() {
    for (Piece piece : pieces) {
      graph.repeat(
          piece.times(),
          () -> {
            BackwardPass.drop(graph, piece.recording());
            dropChoices(piece);
          });
    }
  }

  private void dropChoices(Piece piece) {
    piece.choices().forEach(graph::release);
    piece.choices().clear();
  }

  /** Runs the backward pass of all layers and returns the gradient of their input, or null. */
  public @Nullable Tensor backward(Tensor gradient) {
    Tensor current = gradient;
    for (int i = pieces.size() - 1; i >= 0 && current != null; i--) {
      current = backward(i, current);
      layerInputs.ran(graph, i);
    }
    return current;
  }

  private @Nullable Tensor backward(int number, Tensor gradient) {
    Piece piece = pieces.get(number);
    // Pieces of equal layers share parameters; each layer has gradients of its own.
    piece.layers().beginBackward(number, !settings.startsWithGradients());
    if (number == 0) {
      shared.endReading(graph);
    }
    sharding.beforeLayers(number, piece.times());
    graph.repeat(
        piece.times(),
        () -> {
          // Held by the checkpoint of the layer that it was handed on to, which has run.
          dropChoices(piece);
          graph.send(piece.output(), gradient);
          shared.beginBackward(graph, number == 0);
          graph.backward(piece.recording());
          shared.endBackward(graph);
        });
    sharding.afterLayers();
    piece.layers().endBackward(number);
    return piece.boundary().take();
  }

  /** The backward pass of the whole model has run. */
  public void dropInputs() {
    inputs.drop();
    pieces.stream()
        .filter(piece -> !piece.choices().isEmpty())
        .forEach(piece -> graph.repeat(piece.times(), () -> dropChoices(piece)));
  }
}
