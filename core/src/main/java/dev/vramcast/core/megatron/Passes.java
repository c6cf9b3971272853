package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Checkpoints;
import dev.vramcast.core.megatron.layer.LayerLoader;
import dev.vramcast.core.megatron.layer.TransformerLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Forward and backward passes of equal micro-batches through the layers of a virtual stage; they
 * are written once and count as many.
 */
final class Passes {

  private final Graph graph;
  private final boolean recomputes;
  private final int microBatches;
  private final List<Piece> pieces = new ArrayList<>();

  /** Equal layers, between two boundaries. */
  private static final class Piece {
    private final Boundary boundary = new Boundary();
    private final int times;

    /** Both are null until it runs. */
    private @Nullable Recording recording;

    private @Nullable Tensor output;

    Piece(int times) {
      this.times = times;
    }
  }

  /**
   * No layers run yet.
   *
   * @param recomputes every layer runs again in the backward pass
   */
  Passes(Graph graph, boolean recomputes, int microBatches) {
    this.graph = graph;
    this.recomputes = recomputes;
    this.microBatches = microBatches;
  }

  /** Runs the layers; takes over {@code hidden}. */
  Tensor forward(List<LayerLoader.RepeatedLayers> all, Tensor hidden) {
    Tensor current = hidden;
    for (LayerLoader.RepeatedLayers layers : all) {
      current = forward(layers, current);
    }
    return current;
  }

  private Tensor forward(LayerLoader.RepeatedLayers layers, Tensor hidden) {
    Piece piece = new Piece(Math.multiplyExact(layers.times(), microBatches));
    pieces.add(piece);
    graph.repeat(
        piece.times,
        () -> {
          Tensor inside = piece.boundary.enterRequiringGrad(graph, hidden);
          piece.recording = graph.record(() -> piece.output = run(layers, inside));
        });
    return Objects.requireNonNull(piece.output);
  }

  private Tensor run(LayerLoader.RepeatedLayers layers, Tensor hidden) {
    if (!recomputes || layers.together() == 0) {
      return run(graph, layers.layers(), hidden);
    }
    Tensor current = hidden;
    int count = layers.layers().size();
    for (int from = 0; from < count; from += layers.together()) {
      int to = Math.min(count, from + layers.together());
      List<TransformerLayer> next = layers.layers().subList(from, to);
      current = Checkpoints.reentrant(graph, current, x -> run(graph, next, x), leaf -> {});
    }
    return current;
  }

  private static Tensor run(Graph graph, List<TransformerLayer> layers, Tensor hidden) {
    Tensor current = hidden;
    for (TransformerLayer layer : layers) {
      current = layer.forward(graph, current);
    }
    return current;
  }

  /** Runs the backward passes and returns the gradient of the input. */
  Tensor backward(Tensor gradient) {
    Tensor current = gradient;
    for (int i = pieces.size() - 1; i >= 0; i--) {
      Piece piece = pieces.get(i);
      Tensor arriving = current;
      graph.repeat(
          piece.times,
          () -> {
            graph.send(Objects.requireNonNull(piece.output), arriving);
            graph.backward(Objects.requireNonNull(piece.recording));
          });
      current = Objects.requireNonNull(piece.boundary.take());
    }
    return current;
  }
}
