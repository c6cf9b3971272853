package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** A head whose logits are made a tile at a time, as TRL's kernels do it. */
public final class TiledLogProbs {

  private static final Operation LOG_PROBABILITIES =
      Operation.of(
              "ChunkedLogProbFunction",
              "trl/kernels/chunked_logprob.py ChunkedLogProbFunction.forward")
          .backward(
              "ChunkedLogProbFunction backward",
              "trl/kernels/chunked_logprob.py ChunkedLogProbFunction.backward");

  private TiledLogProbs() {}

  /**
   * The tiles of a head that is computed piece by piece.
   *
   * @param rows tokens in all
   * @param tokens rows of a tile
   * @param words columns of the buffer of a tile
   * @param usedWords columns of the widest tile
   * @param dtype of the product
   */
  public record Tiles(long rows, long tokens, long words, long usedWords, DataType dtype) {}

  /**
   * Log-probabilities of the labels from logits that are made a tile at a time, in one buffer, and
   * again in the backward pass, where the gradient of each tile takes its place. Gradients are
   * summed in fp32 and cast when they are whole, while the buffer is still there
   * (trl/kernels/chunked_logprob.py, ChunkedLogProbFunction).
   */
  public static Tensor of(Graph g, Tensor hidden, Tensor weight, Tiles tiles) {
    Node node = g.node(LOG_PROBABILITIES, (graph, n) -> backward(graph, n, tiles), hidden, weight);
    Tensor statistics =
        g.allocate("loss statistics", Category.LOGITS_AND_LOSS, 7 * tiles.rows(), DataType.FP32);
    g.release(tile(g, hidden, weight, tiles, false));
    Tensor targets = g.allocate("inputs", Category.LOGITS_AND_LOSS, tiles.rows(), DataType.INT64);
    Tensor kept =
        g.allocate("loss statistics", Category.LOGITS_AND_LOSS, 2 * tiles.rows(), DataType.FP32);
    g.release(statistics);
    g.save(node, hidden);
    g.save(node, targets);
    g.save(node, kept);
    g.release(targets, kept);
    return g.output("loss", Category.LOGITS_AND_LOSS, tiles.rows(), DataType.FP32, node);
  }

  /**
   * Makes tiles and drops the casts of what they are made from; the buffer is the caller's. {@code
   * hidden_chunk} names the tokens of one tile until those of the next are cast.
   *
   * @param namesWords whether a tile's words have a name too
   */
  private static Tensor tile(
      Graph g, Tensor hidden, Tensor weight, Tiles tiles, boolean namesWords) {
    Tensor buffer =
        g.allocate(
            "logits of a tile",
            Category.LOGITS_AND_LOSS,
            tiles.tokens() * tiles.words(),
            tiles.dtype());
    long width = hidden.elements / tiles.rows();
    try (Scope scope = Scope.of(g)) {
      scope.own(lowered(g, hidden, tiles.tokens() * width, tiles.dtype()));
      Tensor words = lowered(g, weight, tiles.usedWords() * width, tiles.dtype());
      if (namesWords) {
        scope.own(words);
      } else {
        g.release(words);
      }
      long next = Math.min(tiles.tokens(), tiles.rows() - tiles.tokens());
      if (next > 0) {
        g.release(lowered(g, hidden, next * width, tiles.dtype()));
      }
      return buffer;
    }
  }

  /** What a tile is made from, in the dtype of the product. */
  static Tensor lowered(Graph g, Tensor from, long elements, DataType dtype) {
    return from.dtype == dtype
        ? from.hold()
        : g.allocate("inputs cast for a tile", Category.TEMPORARIES, elements, dtype);
  }

  private static void backward(Graph g, Node n, Tiles tiles) {
    try (Scope scope = Scope.of(g)) {
      Tensor hidden = n.inputs[0];
      Tensor weight = n.inputs[1];
      Tensor wideHidden = n.wants(0) ? inFp32(g, hidden) : null;
      Tensor wideWeight = n.wants(1) ? inFp32(g, weight) : null;
      scope.own(tile(g, n.saved[0], weight, tiles, true));
      scope.ownIfAny(wideHidden);
      scope.ownIfAny(wideWeight);
      namedCasts(g, n, tiles);
      n.outgoing[0] = narrowed(g, wideHidden, hidden);
      n.outgoing[1] = narrowed(g, wideWeight, weight);
    }
  }

  /** {@code w_chunk} names the words of one tile until those of the next are cast. */
  private static void namedCasts(Graph g, Node n, Tiles tiles) {
    Tensor weight = n.inputs[1];
    long width = n.inputs[0].elements / tiles.rows();
    if (weight.elements / width <= tiles.usedWords()) {
      return;
    }
    try (Scope scope = Scope.of(g)) {
      scope.own(lowered(g, n.saved[0], tiles.tokens() * width, tiles.dtype()));
      scope.own(lowered(g, weight, tiles.usedWords() * width, tiles.dtype()));
      long next = Math.min(tiles.usedWords(), weight.elements / width - tiles.usedWords());
      scope.own(lowered(g, weight, next * width, tiles.dtype()));
    }
  }

  /** Zeros in fp32, which are the gradient itself where that is fp32 too. */
  static Tensor inFp32(Graph g, Tensor like) {
    return like.dtype == DataType.FP32
        ? Pointwise.gradientLike(g, like)
        : g.allocate("gradient in fp32", Category.TEMPORARIES, like.elements, DataType.FP32);
  }

  /** The whole gradient in the dtype of its tensor; null where there is none. */
  static @Nullable Tensor narrowed(Graph g, @Nullable Tensor wide, Tensor like) {
    if (wide == null) {
      return null;
    }
    return like.dtype == DataType.FP32 ? wide.hold() : Pointwise.gradientLike(g, like);
  }
}
