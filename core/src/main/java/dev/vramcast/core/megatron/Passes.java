package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Checkpoints;
import dev.vramcast.core.megatron.layer.LayerLoader;
import dev.vramcast.core.megatron.layer.TransformerLayer;
import dev.vramcast.core.module.vision.VisionOps;
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
    return forward(all, hidden, List.of());
  }

  /**
   * As above, adding features behind the first layers, one of them each; they stay the caller's.
   */
  Tensor forward(List<LayerLoader.RepeatedLayers> all, Tensor hidden, List<Tensor> features) {
    Tensor current = hidden;
    List<Tensor> left = features;
    for (LayerLoader.RepeatedLayers layers : all) {
      LayerLoader.RepeatedLayers rest = layers;
      for (; !left.isEmpty() && rest.times() > 0; rest = rest.of(rest.times() - 1)) {
        int used = Math.min(left.size(), rest.layers().size());
        current = piece(rest.of(1), current, left.subList(0, used));
        left = left.subList(used, left.size());
      }
      current = rest.times() == 0 ? current : piece(rest, current, List.of());
    }
    return current;
  }

  private Tensor piece(LayerLoader.RepeatedLayers layers, Tensor hidden, List<Tensor> features) {
    Piece piece = new Piece(Math.multiplyExact(layers.times(), microBatches));
    pieces.add(piece);
    graph.repeat(
        piece.times,
        () -> {
          Tensor inside = piece.boundary.enterRequiringGrad(graph, hidden);
          piece.recording = graph.record(() -> piece.output = run(layers, inside, features));
        });
    return Objects.requireNonNull(piece.output);
  }

  private Tensor run(LayerLoader.RepeatedLayers layers, Tensor hidden, List<Tensor> features) {
    List<TransformerLayer> all = layers.layers();
    int together = recomputes ? layers.together() : 0;
    if (together == 0) {
      return run(graph, all, hidden, features);
    }
    Tensor current = hidden;
    for (int from = 0; from < all.size(); from += together) {
      List<TransformerLayer> next = all.subList(from, Math.min(all.size(), from + together));
      List<Tensor> behind =
          features.subList(
              Math.min(from, features.size()), Math.min(from + next.size(), features.size()));
      current = Checkpoints.reentrant(graph, current, x -> run(graph, next, x, behind), leaf -> {});
    }
    return current;
  }

  private static Tensor run(
      Graph graph, List<TransformerLayer> layers, Tensor hidden, List<Tensor> features) {
    Tensor current = hidden;
    for (int i = 0; i < layers.size(); i++) {
      current = layers.get(i).forward(graph, current);
      if (i < features.size()) {
        current = VisionOps.enrichedInPlace(graph, current, features.get(i));
      }
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
