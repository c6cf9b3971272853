package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * The divergence of two models' next tokens from logits that are made a tile at a time, in fp32, in
 * one buffer a model (trl/kernels/chunked_divergence.py, ChunkedDivergenceFunction).
 */
public final class DivergenceOps {

  private static final Operation DIVERGENCE =
      Operation.of("ChunkedDivergenceFunction", "trl/kernels/chunked_divergence.py");

  /** Maxima and sums of both models, the divergence, and one of its parts. */
  private static final int STATISTICS = 9;

  /** Both models' logarithms of the sum, and what the gradient is computed with. */
  private static final int KEPT = 3;

  private DivergenceOps() {}

  /**
   * One side of it.
   *
   * @param hidden [rows, width]; the caller's
   * @param weight of its head, [words, width]
   */
  public record Side(Tensor hidden, Tensor weight) {}

  /**
   * The divergence of each row; gradients go to the student alone.
   *
   * @param tiles rows, tokens and words of a tile, and the dtype of the student's operands
   */
  public static Tensor tiled(Graph g, Side student, Side teacher, TiledLogProbs.Tiles tiles) {
    Node node =
        g.node(
            DIVERGENCE,
            (graph, n) -> backward(graph, n, teacher.weight(), tiles),
            student.hidden(),
            student.weight());
    Tensor statistics = numbers(g, STATISTICS * tiles.rows());
    try (Scope scope = Scope.of(g)) {
      buffers(g, scope, tiles);
      project(g, scope, student, tiles);
      project(g, scope, teacher, tiles);
    }
    Tensor kept = numbers(g, KEPT * tiles.rows());
    g.release(statistics);
    g.save(node, student.hidden());
    g.save(node, teacher.hidden());
    g.save(node, kept);
    g.release(kept);
    return g.output("loss", Category.LOGITS_AND_LOSS, tiles.rows(), DataType.FP32, node);
  }

  private static Tensor numbers(Graph g, long elements) {
    return g.allocate("loss statistics", Category.LOGITS_AND_LOSS, elements, DataType.FP32);
  }

  private static void buffers(Graph g, Scope scope, TiledLogProbs.Tiles tiles) {
    long elements = tiles.tokens() * tiles.words();
    for (int model = 0; model < 2; model++) {
      scope.own(g.allocate("logits of a tile", Category.LOGITS_AND_LOSS, elements, DataType.FP32));
    }
  }

  /**
   * Casts of a tile's tokens stay until the next ones, those of its words until they are used. Each
   * side is computed in its own dtype ({@code _compute_dtype} without autocast).
   */
  private static void project(Graph g, Scope scope, Side side, TiledLogProbs.Tiles tiles) {
    long width = side.hidden().elements / tiles.rows();
    DataType dtype = side.hidden().dtype;
    scope.own(TiledLogProbs.lowered(g, side.hidden(), tiles.tokens() * width, dtype));
    g.release(TiledLogProbs.lowered(g, side.weight(), tiles.usedWords() * width, dtype));
  }

  private static void backward(Graph g, Node n, Tensor teacherWeight, TiledLogProbs.Tiles tiles) {
    Tensor hidden = n.inputs[0];
    Tensor weight = n.inputs[1];
    try (Scope scope = Scope.of(g)) {
      Tensor wideHidden = scope.ownIfAny(n.wants(0) ? TiledLogProbs.inFp32(g, hidden) : null);
      Tensor wideWeight = scope.ownIfAny(n.wants(1) ? TiledLogProbs.inFp32(g, weight) : null);
      buffers(g, scope, tiles);
      project(g, scope, new Side(n.saved[0], weight), tiles);
      project(g, scope, new Side(n.saved[1], teacherWeight), tiles);
      gradientTiles(g, scope, weight, hidden.elements / tiles.rows(), tiles);
      n.outgoing[0] = TiledLogProbs.narrowed(g, wideHidden, hidden);
      n.outgoing[1] = TiledLogProbs.narrowed(g, wideWeight, weight);
    }
  }

  /** {@code grad_tile} names the gradients of one tile until those of the next are cast. */
  private static void gradientTiles(
      Graph g, Scope scope, Tensor weight, long width, TiledLogProbs.Tiles tiles) {
    if (tiles.dtype() == DataType.FP32) {
      return;
    }
    long words = weight.elements / width;
    Tensor before = words > tiles.words() ? gradientTile(g, tiles, tiles.words()) : null;
    if (before != null && words > 2 * tiles.words()) {
      before = g.rebind(before, gradientTile(g, tiles, tiles.words()));
    }
    long rest = words % tiles.words() == 0 ? tiles.usedWords() : words % tiles.words();
    scope.own(gradientTile(g, tiles, rest));
    if (before != null) {
      g.release(before);
    }
    g.release(TiledLogProbs.lowered(g, weight, rest * width, tiles.dtype()));
  }

  private static Tensor gradientTile(Graph g, TiledLogProbs.Tiles tiles, long words) {
    long elements = tiles.tokens() * words;
    return g.allocate("gradient of a tile", Category.LOGITS_AND_LOSS, elements, tiles.dtype());
  }
}
