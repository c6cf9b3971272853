package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;

/** Operations over vectors of sentences and their similarities. Arguments stay the caller's. */
public final class ContrastOps {

  private static final Operation NORMALISE =
      Operation.of("aten::div", "torch/nn/functional.py normalize");

  private static final Operation RATIO =
      Operation.of("aten::div", "aten/src/ATen/native/Distance.cpp cosine_similarity");

  private static final Operation LOG_SUM =
      Operation.of("aten::logsumexp", "torch/csrc/autograd/FunctionsManual.cpp logsumexp_backward");

  /** Tensors of an expression that all live until its end. */
  private static final int OF_NORM = 4;

  private ContrastOps() {}

  /**
   * {@code F.normalize}: the quotient saves vectors and their norms; behind it the gradient of the
   * norm takes two products and a vector of its own.
   *
   * @param rows vectors
   */
  public static Tensor normalised(Graph g, Tensor x, long rows) {
    Node node = g.node(NORMALISE, ContrastOps::normalisedBackward, x);
    try (Scope scope = Scope.of(g)) {
      Tensor norms = scope.own(g.allocate("norms", x.storage.category(), rows, x.dtype()));
      g.save(node, x);
      g.save(node, norms);
      return g.output("normalised embeddings", x.storage.category(), x.elements(), x.dtype(), node);
    }
  }

  private static void normalisedBackward(Graph g, Node n) {
    try (Scope scope = Scope.of(g)) {
      Tensor direct = Pointwise.gradientLike(g, n.inputs[0]);
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      n.outgoing[0] = direct;
    }
  }

  /**
   * {@code x / norm(x)} for each pair of vectors, as long as all pairs; so are the four tensors
   * that the gradient of the norm takes (FunctionsManual.cpp div_tensor_other_grad), before it is
   * summed.
   *
   * @param elements of all pairs
   */
  public static Tensor ratios(Graph g, Tensor x, long elements) {
    Node node =
        g.node(
            RATIO,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                for (int i = 0; i < OF_NORM; i++) {
                  scope.own(pairs(graph, elements, n.inputs[0]));
                }
                n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              }
            },
            x);
    g.save(node, x);
    return g.output("pairs of embeddings", x.storage.category(), elements, x.dtype(), node);
  }

  private static Tensor pairs(Graph g, long elements, Tensor like) {
    return g.allocate("gradients of activations", Category.LOGITS_AND_LOSS, elements, like.dtype());
  }

  /** {@code logsumexp} of each row: saves its input; both ways there is one as long beside it. */
  public static Tensor logSum(Graph g, Tensor scores, long rows) {
    Node node = g.node(LOG_SUM, ContrastOps::logSumBackward, scores);
    g.save(node, scores);
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate("similarities", Category.LOGITS_AND_LOSS, scores.elements(), scores.dtype()));
      return g.output("loss", Category.LOGITS_AND_LOSS, rows, scores.dtype(), node);
    }
  }

  private static void logSumBackward(Graph g, Node n) {
    try (Scope scope = Scope.of(g)) {
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
    }
  }
}
