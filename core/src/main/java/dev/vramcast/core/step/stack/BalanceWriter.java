package dev.vramcast.core.step.stack;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.ExpertBalance;
import dev.vramcast.core.autograd.loss.RouterScores;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loss that balances experts, over the scores of all layers: forward behind the head, and
 * backward in front of it, which leaves the gradient of each layer's scores in memory until the
 * backward pass of that layer.
 */
final class BalanceWriter {

  private static final ModuleScope SCOPE =
      ModuleScope.outside(
          "loss", "transformers/models/mixtral/modeling_mixtral.py load_balancing_loss_func");

  private final Graph graph;
  private final List<Part> parts = new ArrayList<>();

  /** What equal layers left for the backward pass: their sums, and where gradients arrive. */
  private record Part(Piece piece, Recording recording, List<Tensor> sums, List<Boundary> ends) {}

  BalanceWriter(Graph graph) {
    this.graph = graph;
  }

  /**
   * Takes over the scores that the pieces hold.
   *
   * @param maskedTokens tokens of the mask by which they are weighed; 0 for none
   */
  void forward(List<Piece> pieces, long maskedTokens) {
    graph.site().within(SCOPE, () -> run(pieces, maskedTokens));
  }

  private void run(List<Piece> pieces, long maskedTokens) {
    Tensor mask =
        maskedTokens == 0
            ? null
            : graph.allocateShared("routing mask", Category.OTHER, maskedTokens, DataType.FP32);
    for (Piece piece : pieces) {
      if (!piece.scores().isEmpty()) {
        graph.repeat(piece.times(), () -> parts.add(part(piece, mask)));
      }
    }
    if (mask != null) {
      graph.release(mask);
    }
    // The model's forward pass names the scores until it returns.
    for (Piece piece : pieces) {
      graph.repeat(
          piece.times(), () -> piece.scores().forEach(each -> graph.release(each.scores())));
    }
  }

  private Part part(Piece piece, @Nullable Tensor mask) {
    List<Tensor> sums = new ArrayList<>();
    List<Boundary> ends = new ArrayList<>();
    Recording recording =
        graph.record(
            () -> {
              for (RouterScores.OfLayer each : piece.scores()) {
                Boundary end = new Boundary();
                Tensor inside = end.enter(graph, each.scores().hold());
                Tensor sum =
                    ExpertBalance.sums(
                        graph,
                        new RouterScores.OfLayer(inside, each.experts(), each.chosen()),
                        mask);
                graph.release(inside);
                graph.release(sum);
                sums.add(sum);
                ends.add(end);
              }
            });
    return new Part(piece, recording, sums, ends);
  }

  /** Sends gradients to what made the scores. */
  void backward() {
    graph.site().within(SCOPE, () -> sendAllBack());
  }

  private void sendAllBack() {
    for (int i = parts.size() - 1; i >= 0; i--) {
      Part part = parts.get(i);
      graph.repeat(part.piece().times(), () -> sendBack(part));
    }
    parts.clear();
  }

  private void sendBack(Part part) {
    for (int i = part.sums().size() - 1; i >= 0; i--) {
      Tensor sum = part.sums().get(i);
      if (sum.requiresGrad()) {
        graph.send(
            sum,
            graph.allocate(
                Aten.MUL, "gradients of sums", Category.TEMPORARIES, sum.elements(), sum.dtype()));
      }
    }
    graph.backward(part.recording());
    for (int i = part.ends().size() - 1; i >= 0; i--) {
      Tensor gradient = part.ends().get(i).take();
      if (gradient != null) {
        graph.send(part.piece().scores().get(i).scores(), gradient);
      }
    }
  }
}
