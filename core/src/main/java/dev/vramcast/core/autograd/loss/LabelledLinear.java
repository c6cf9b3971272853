package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * A head and the log-probabilities of labels in one function, as Unsloth has it. Arguments stay the
 * caller's; hidden states have a row for each label, or more of which a mask says which count.
 */
public final class LabelledLinear {

  private static final String ZOO = "unsloth_zoo/rl_replacements.py";

  private static final Operation KEPT =
      Operation.of(
              "chunked_hidden_states_selective_log_softmax",
              ZOO + " chunked_hidden_states_selective_log_softmax")
          .backward(
              "chunked_hidden_states_selective_log_softmax backward",
              ZOO + " chunked_hidden_states_selective_log_softmax");

  private static final String FUSED = "unsloth_zoo/fused_losses/fused_linear.py";

  private static final Operation BESIDE =
      Operation.of("fused_linear_logprobs", FUSED + " _logprobs_impl")
          .backward("fused_linear_logprobs backward", FUSED + " _logprobs_bwd_impl");

  /** Numbers of a label: its log-probability, the log of the sum, and a copy of the first. */
  private static final int STATISTICS = 3;

  /** Tensors of statistics that the pieces of the vocabulary leave for a row. */
  private static final int PARTIAL = 8;

  private LabelledLinear() {}

  /**
   * The rows of a head and how they are cut.
   *
   * @param all rows of the hidden states
   * @param labels rows that are looked at
   * @param rows of a piece
   * @param columns of a piece: words of the vocabulary
   * @param splits pieces of the vocabulary of which statistics are kept; 0 where rows are whole
   * @param dtype of products
   */
  public record Piece(
      long all, long labels, long rows, long columns, long splits, DataType dtype) {}

  /**
   * Logits of one piece at a time, in fp32. Where the head is frozen the gradient of the hidden
   * states is made beside them, all but the factor that the loss brings, and nothing else is saved;
   * fp16 states have it in fp32. A head that is trained has its pieces made again for the backward
   * pass, in a buffer of the same size.
   */
  public static Tensor beside(Graph g, Tensor hidden, Tensor weight, Piece piece) {
    Node node = g.node(BESIDE, (graph, n) -> besideBackward(graph, n, piece), hidden, weight);
    boolean gradient = node != null && node.wants(0) && !node.wants(1);
    long width = hidden.elements / piece.all();
    try (Scope scope = Scope.of(g)) {
      Tensor statistics = scope.own(numbers(g, STATISTICS * piece.all()));
      DataType wide = hidden.dtype == DataType.FP16 ? DataType.FP32 : hidden.dtype;
      Tensor made = gradient ? scope.own(gradient(g, hidden.elements, wide)) : null;
      scope.own(TiledLogProbs.lowered(g, weight, weight.elements, piece.dtype()));
      logits(g, piece, gradient ? piece.rows() * width : 0);
      g.save(node, made != null ? made : hidden);
      if (made == null) {
        g.save(node, statistics);
      }
      return g.output(
          "log-probabilities", Category.LOGITS_AND_LOSS, piece.all(), DataType.FP32, node);
    }
  }

  /** Logits of a piece, what its gradient is summed in, and its statistics. */
  private static void logits(Graph g, Piece piece, long summed) {
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate(
              "logits of a piece",
              Category.LOGITS_AND_LOSS,
              piece.rows() * piece.columns(),
              DataType.FP32));
      if (summed > 0) {
        scope.own(g.allocate("gradient in fp32", Category.LOGITS_AND_LOSS, summed, DataType.FP32));
      }
      if (piece.splits() > 0) {
        scope.own(numbers(g, PARTIAL * piece.splits() * piece.rows()));
      }
    }
  }

  private static void besideBackward(Graph g, Node n, Piece piece) {
    if (!n.wants(1)) {
      // fused_linear_scale_rows: what was saved, times the gradient of each row.
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
      return;
    }
    n.outgoing[0] = n.wants(0) ? Pointwise.gradientLike(g, n.inputs[0]) : null;
    n.outgoing[1] = Pointwise.gradientLike(g, n.inputs[1]);
    long width = n.inputs[0].elements / piece.all();
    logits(g, piece, n.wants(0) ? piece.labels() * width : 0);
  }

  /**
   * Logits of one chunk of rows after the other, all of which the compiled function keeps, since it
   * repeats no product. Its backward pass makes each chunk's gradient in the place of its logits,
   * from one chunk in fp32, into which the gradient of the labels is scattered. Without a graph one
   * chunk takes the place of the other.
   */
  public static Tensor kept(Graph g, Tensor hidden, Tensor weight, Piece piece) {
    Node node = g.node(KEPT, (graph, n) -> keptBackward(graph, n, piece), hidden, weight);
    boolean graph = node != null && node.wants(0);
    try (Scope scope = Scope.of(g)) {
      long rows = graph ? piece.labels() : piece.rows();
      Tensor logits =
          scope.own(
              g.allocate(
                  "logits", Category.LOGITS_AND_LOSS, rows * piece.columns(), piece.dtype()));
      Tensor sums = scope.own(numbers(g, 2 * piece.labels()));
      g.save(node, logits);
      g.save(node, sums);
      g.save(node, hidden);
      return g.output(
          "log-probabilities", Category.LOGITS_AND_LOSS, piece.labels(), DataType.FP32, node);
    }
  }

  private static void keptBackward(Graph g, Node n, Piece piece) {
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate(
              "gradient in fp32",
              Category.LOGITS_AND_LOSS,
              piece.rows() * piece.columns(),
              DataType.FP32));
      n.outgoing[0] = n.wants(0) ? Pointwise.gradientLike(g, n.inputs[0]) : null;
      n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(g, n.inputs[1]) : null;
    }
  }

  private static Tensor gradient(Graph g, long elements, DataType dtype) {
    return g.allocate("gradient of hidden states", Category.LOGITS_AND_LOSS, elements, dtype);
  }

  private static Tensor numbers(Graph g, long elements) {
    return g.allocate("loss statistics", Category.LOGITS_AND_LOSS, elements, DataType.FP32);
  }
}
