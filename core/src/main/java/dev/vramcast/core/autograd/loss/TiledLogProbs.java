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
  public record Tiles(long rows, long tokens, long words, long usedWords, DataType dtype) {

    /** Rows of the tile behind the first; 0 where there is one alone. */
    long next() {
      return Math.min(tokens, rows - tokens);
    }
  }

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
    g.release(tile(g, hidden, weight, tiles));
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

  /** The buffer of a tile, which is the caller's. */
  private static Tensor buffer(Graph g, Tiles tiles) {
    long elements = tiles.tokens() * tiles.words();
    return g.allocate("logits of a tile", Category.LOGITS_AND_LOSS, elements, tiles.dtype());
  }

  /**
   * Makes tiles and drops the casts of what they are made from; the buffer is the caller's. {@code
   * hidden_chunk} names the tokens of one tile until those of the next are cast.
   */
  private static Tensor tile(Graph g, Tensor hidden, Tensor weight, Tiles tiles) {
    Tensor buffer = buffer(g, tiles);
    long width = hidden.elements / tiles.rows();
    Tensor tokens = lowered(g, hidden, tiles.tokens() * width, tiles.dtype());
    g.release(lowered(g, weight, tiles.usedWords() * width, tiles.dtype()));
    if (tiles.next() > 0) {
      tokens = g.rebind(tokens, lowered(g, hidden, tiles.next() * width, tiles.dtype()));
    }
    g.release(tokens);
    return buffer;
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
      scope.own(buffer(g, tiles));
      scope.ownIfAny(wideHidden);
      scope.ownIfAny(wideWeight);
      namedCasts(g, scope, n.saved[0], weight, tiles);
      n.outgoing[0] = narrowed(g, wideHidden, hidden);
      n.outgoing[1] = narrowed(g, wideWeight, weight);
    }
  }

  /**
   * {@code hidden_chunk} and {@code w_chunk} name what a tile is made from until that of the next
   * is cast, the last until the function returns.
   */
  private static void namedCasts(Graph g, Scope scope, Tensor hidden, Tensor weight, Tiles tiles) {
    long width = hidden.elements / tiles.rows();
    Tensor tokens = lowered(g, hidden, tiles.tokens() * width, tiles.dtype());
    Tensor words = lastWords(g, null, weight, width, tiles);
    if (tiles.next() > 0) {
      tokens = g.rebind(tokens, lowered(g, hidden, tiles.next() * width, tiles.dtype()));
      words = lastWords(g, words, weight, width, tiles);
    }
    scope.own(tokens);
    scope.own(words);
  }

  /**
   * The words of the last tile; what lies between the first two and the last is as the second.
   *
   * @param before those that have the name until the first are cast, null for none
   */
  private static Tensor lastWords(
      Graph g, @Nullable Tensor before, Tensor weight, long width, Tiles tiles) {
    Tensor first = lowered(g, weight, tiles.usedWords() * width, tiles.dtype());
    Tensor words = before == null ? first : g.rebind(before, first);
    long behind = weight.elements / width - tiles.usedWords();
    if (behind > tiles.usedWords()) {
      words = g.rebind(words, lowered(g, weight, tiles.usedWords() * width, tiles.dtype()));
    }
    if (behind > 0) {
      long last = (behind - 1) % tiles.usedWords() + 1;
      words = g.rebind(words, lowered(g, weight, last * width, tiles.dtype()));
    }
    return words;
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
