package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Liger's head and loss of completions, one sequence after the other, whose gradients are made in
 * the forward pass and saved (liger_kernel/chunked_loss/fused_linear_ppo.py). Arguments stay the
 * caller's.
 */
final class LigerSequences {

  private static final String PPO =
      "liger_kernel/chunked_loss/fused_linear_ppo.py LigerFusedLinearPPOBase";

  private static final Operation LOSS =
      Operation.of("LigerFusedLinearPPOBase", PPO + ".forward")
          .backward("LigerFusedLinearPPOBase backward", PPO + ".backward");

  /** {@code _SELECTIVE_LOGPROB_SEQ_CHUNK_SIZE} and {@code _SELECTIVE_LOGPROB_VOCAB_CHUNK_SIZE}. */
  private static final long PIECE_ROWS = 2048;

  private static final long PIECE_WORDS = 4096;

  private LigerSequences() {}

  /**
   * The completions of a micro-batch.
   *
   * @param count sequences
   * @param tokens of each
   * @param width features of hidden states
   * @param words of the vocabulary
   * @param dtype of products
   * @param scales the backward pass multiplies what was saved
   */
  record Shape(long count, long tokens, long width, long words, DataType dtype, boolean scales) {

    long matrix() {
      return words * width;
    }
  }

  /**
   * Up to 0.7 the logits of a sequence are whole, in 16 bits, beside an fp32 tensor into which the
   * gradient of the labels is scattered; their own takes their place, as {@code torch.compile} of
   * PyTorch 2.15 writes it. The head gets a gradient, whether it is trained or not.
   */
  static Tensor whole(Graph g, Tensor hidden, Tensor weight, Shape shape) {
    return loss(g, hidden, weight, shape, true, (graph, s) -> sequence(graph, weight, s));
  }

  /**
   * Since 0.8 logits are made in pieces of the sequence and of the vocabulary, in fp32, once more
   * for their gradients; a frozen head has none.
   */
  static Tensor byPieces(Graph g, Tensor hidden, Tensor weight, Shape shape) {
    boolean trained = weight.requiresGrad();
    return loss(g, hidden, weight, shape, trained, (graph, s) -> pieces(graph, weight, s));
  }

  /** What comes and goes while the loss of one sequence is made. */
  private interface OneSequence {
    void run(Graph g, Shape shape);
  }

  private static Tensor loss(
      Graph g, Tensor hidden, Tensor weight, Shape shape, boolean ofHead, OneSequence each) {
    Node node = g.node(LOSS, (graph, n) -> backward(graph, n, shape.scales()), hidden, weight);
    try (Scope scope = Scope.of(g)) {
      Tensor ofWeight = ofHead ? scope.own(made(g, shape.matrix(), weight.dtype)) : null;
      Tensor parts = made(g, hidden.elements, hidden.dtype);
      g.repeat((int) shape.count(), () -> each.run(g, shape));
      Tensor ofHidden = scope.own(made(g, hidden.elements, hidden.dtype));
      g.release(parts);
      g.save(node, ofHidden);
      if (ofWeight != null) {
        g.save(node, ofWeight);
      }
      return g.output("loss", Category.LOGITS_AND_LOSS, 1, DataType.FP32, node);
    }
  }

  private static void sequence(Graph g, Tensor weight, Shape shape) {
    boolean casts = weight.dtype != shape.dtype();
    long logits = shape.tokens() * shape.words();
    try (Scope scope = Scope.of(g)) {
      Tensor cast = casts ? scope.own(made(g, shape.matrix(), shape.dtype())) : null;
      Tensor narrow =
          g.allocate("logits of a sequence", Category.LOGITS_AND_LOSS, logits, shape.dtype());
      g.release(made(g, logits, DataType.FP32));
      if (cast == null) {
        g.release(made(g, shape.matrix(), shape.dtype()));
        g.release(narrow);
        return;
      }
      // The cast's place takes the product; what is returned is a copy of its fp32 copy.
      g.release(narrow);
      scope.own(made(g, shape.matrix(), weight.dtype));
      scope.own(made(g, shape.matrix(), weight.dtype));
    }
  }

  /**
   * _selective_logprob_backward adds up gradients in fp32; those of 16-bit weights are cast when
   * the pieces are gone (_ChunkedSelectiveLogProbFunction.backward).
   */
  private static void pieces(Graph g, Tensor weight, Shape shape) {
    boolean trained = weight.requiresGrad();
    try (Scope scope = Scope.of(g)) {
      scope.own(made(g, shape.tokens() * shape.width(), DataType.FP32));
      if (trained) {
        scope.own(made(g, shape.matrix(), DataType.FP32));
      }
      piece(g, shape);
      if (trained && weight.dtype != DataType.FP32) {
        scope.own(made(g, shape.matrix(), weight.dtype));
      }
    }
  }

  private static void piece(Graph g, Shape shape) {
    long rows = Math.min(PIECE_ROWS, shape.tokens());
    long words = Math.min(PIECE_WORDS, shape.words());
    try (Scope scope = Scope.of(g)) {
      for (int i = 0; i < 3; i++) {
        scope.own(
            g.allocate("logits of a piece", Category.LOGITS_AND_LOSS, rows * words, DataType.FP32));
      }
      scope.own(made(g, words * shape.width(), DataType.FP32));
    }
  }

  /** {@code grad_output != 1.0}: what was saved is multiplied, all of it. */
  private static void backward(Graph g, Node n, boolean scales) {
    for (int i = 0; i < 2; i++) {
      Tensor saved = i < n.saved.length ? n.saved[i] : null;
      Tensor gradient = saved == null ? null : scaled(g, n.inputs[i], saved, scales);
      if (n.wants(i)) {
        n.outgoing[i] = gradient;
      } else if (gradient != null) {
        g.release(gradient);
      }
    }
  }

  private static Tensor scaled(Graph g, @Nullable Tensor input, Tensor saved, boolean scales) {
    return scales && input != null ? Pointwise.gradientLike(g, input) : saved.hold();
  }

  private static Tensor made(Graph g, long elements, DataType dtype) {
    return g.allocate("gradient of the loss", Category.LOGITS_AND_LOSS, elements, dtype);
  }
}
