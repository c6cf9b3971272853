package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * Operations over distributions of next tokens. What each saves is in torch's {@code
 * derivatives.yaml}. Arguments stay the caller's.
 */
public final class DistributionOps {

  private static final Operation LOG_SUM =
      Operation.of("aten::logsumexp", "torch/csrc/autograd/FunctionsManual.cpp logsumexp_backward");

  private DistributionOps() {}

  /** {@code log_softmax} in the dtype of its input: saves its result. */
  public static Tensor logSoftmax(Graph g, Tensor x) {
    Node node = g.node(Aten.LOG_SOFTMAX, Pointwise.LIKE_INPUT, x);
    Tensor result =
        g.output("log-probabilities", Category.LOGITS_AND_LOSS, x.elements(), x.dtype(), node);
    g.save(node, result);
    return result;
  }

  /**
   * {@code x - other} in the promoted dtype: saves nothing; the gradient of {@code other} is a new
   * tensor, as is that of {@code x} where the engine narrows it.
   */
  public static Tensor less(Graph g, Tensor x, Tensor other, String name) {
    Node node =
        g.node(
            Aten.SUB,
            (graph, n) -> {
              n.outgoing[0] = n.wants(0) ? narrowed(graph, n) : null;
              n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(graph, n.inputs[1]) : null;
            },
            x,
            other);
    DataType dtype = x.dtype().promotedWith(other.dtype());
    return g.output(name, Category.LOGITS_AND_LOSS, x.elements(), dtype, node);
  }

  /** torch/csrc/autograd/engine.cpp validate_outputs casts to the dtype of the input. */
  private static Tensor narrowed(Graph g, Node n) {
    boolean own = n.gradient().dtype() == n.inputs[0].dtype();
    return own ? n.gradient().hold() : Pointwise.gradientLike(g, n.inputs[0]);
  }

  /** {@code where(condition, x, 0)}: saves the condition. */
  public static Tensor where(Graph g, Tensor condition, Tensor x) {
    Node node = g.node(Aten.WHERE, Pointwise.LIKE_INPUT, x);
    g.save(node, condition);
    return g.output(x.storage.name(), Category.LOGITS_AND_LOSS, x.elements(), x.dtype(), node);
  }

  /**
   * {@code logsumexp} of each pair of a stack of two: saves both, and has the exponentials beside
   * them for a while; their differences from the result are as long, on the way back.
   */
  public static Tensor logSumOfTwo(Graph g, Tensor both) {
    Node node = g.node(LOG_SUM, DistributionOps::backwardOfSum, both);
    g.save(node, both);
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate("exponentials", Category.LOGITS_AND_LOSS, both.elements(), both.dtype()));
      Tensor result =
          g.output(
              "log-probabilities",
              Category.LOGITS_AND_LOSS,
              both.elements() / 2,
              both.dtype(),
              node);
      g.save(node, result);
      return result;
    }
  }

  /** {@code exp(x - result)}, and the gradient times it. */
  private static void backwardOfSum(Graph g, Node n) {
    Tensor difference = Pointwise.gradientLike(g, n.inputs[0]);
    Tensor share = Pointwise.gradientLike(g, n.inputs[0]);
    n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
    g.release(difference, share);
  }
}
