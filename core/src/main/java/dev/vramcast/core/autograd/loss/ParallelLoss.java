package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import java.util.function.UnaryOperator;

/**
 * Cross-entropy where each rank has the logits of some words, PyTorch's {@code loss_parallel}
 * (torch/distributed/tensor/parallel/loss.py). Logits are {@code tokens} by this rank's words.
 */
public final class ParallelLoss {

  private static final String CODE = "torch/distributed/tensor/parallel/loss.py ";

  private static final Operation LOSS =
      Operation.of("loss_parallel", CODE + "_log_softmax")
          .backward("loss_parallel backward", CODE + "_nll_loss_and_log_softmax_backward");

  private ParallelLoss() {}

  /** That, or cross-entropy over all words where ranks do not share them. */
  public static UnaryOperator<Tensor> orWhole(Graph g, boolean shared) {
    return shared ? logits -> crossEntropy(g, logits) : logits -> LossOps.crossEntropy(g, logits);
  }

  /**
   * The mean loss: the logits less their maximum are there beside their exponential, and then
   * beside the log-probabilities, which are saved.
   */
  public static Tensor crossEntropy(Graph g, Tensor logits) {
    Node node = g.node(LOSS, ParallelLoss::gradient, logits);
    try (Scope scope = Scope.of(g)) {
      Tensor shifted = scope.own(like(g, logits));
      g.release(like(g, shifted));
      g.save(node, scope.own(like(g, shifted)));
    }
    return g.output("loss", Category.LOGITS_AND_LOSS, 1, logits.dtype(), node);
  }

  /**
   * Of both softmax and likelihood: the labels' entries in zeros, the probabilities, the sum of
   * both, and that times the gradient of the loss.
   */
  private static void gradient(Graph g, Node node) {
    try (Scope scope = Scope.of(g)) {
      Tensor labels = scope.own(like(g, node.saved[0]));
      Tensor probabilities = like(g, labels);
      scope.own(like(g, labels));
      g.release(probabilities);
      node.outgoing[0] = Pointwise.gradientLike(g, node.inputs[0]);
    }
  }

  private static Tensor like(Graph g, Tensor x) {
    return g.allocate("log-probabilities", Category.LOGITS_AND_LOSS, x.elements(), x.dtype());
  }
}
