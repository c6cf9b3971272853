package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Operation;

/**
 * What zeroes all but the largest numbers of a row (transformers gemma3n/modeling_gemma3n.py
 * Gemma3nTextMLP._gaussian_topk).
 */
public final class SparseOps {

  private static final String CUTOFFS = "cutoffs";
  private static final String GATES = "sparse gates";
  private static final Operation STD = Operation.of("aten::std").backward("aten::mul");

  /** What is left of the gradient goes back as it is, its negative to the cutoffs as a sum. */
  private static final Node.Backward SUB =
      (g, n) -> {
        n.outgoing[0] = n.wants(0) ? n.gradient().hold() : null;
        if (n.wants(1)) {
          try (Scope scope = Scope.of(g)) {
            scope.own(Pointwise.gradientLike(g, n.inputs[0]));
            n.outgoing[1] = Pointwise.gradientLike(g, n.inputs[1]);
          }
        }
      };

  private SparseOps() {}

  /**
   * {@code relu(x - (mean + std * number))} with the mean and the standard deviation of each row.
   * The argument stays the caller's.
   */
  public static Tensor relu(Graph g, Tensor x, long rows) {
    try (Scope scope = Scope.of(g)) {
      Tensor number = scope.own(Pointwise.detached(g, 1, x.dtype(), CUTOFFS));
      Tensor mean = scope.own(Matrix.rowMean(g, x, rows, CUTOFFS));
      Tensor deviation = scope.own(deviation(g, x, rows));
      Tensor scaled = Pointwise.mul(g, deviation, number, CUTOFFS);
      Tensor cutoff = scope.own(g.rebind(scaled, Pointwise.add(g, mean, scaled, CUTOFFS)));
      Node node = g.node(Aten.SUB, Node.Kernel.FUSED, SUB, x, cutoff);
      Tensor above =
          scope.own(
              g.fusion()
                  .result(GATES, x.storage.category(), x.elements(), x.dtype(), node, x, cutoff));
      return Pointwise.savingResult(g, Aten.RELU, above, GATES);
    }
  }

  /** Saves its input and its result ({@code std_backward} in FunctionsManual.cpp). */
  private static Tensor deviation(Graph g, Tensor x, long rows) {
    Node node = g.node(STD, SparseOps::deviationBackward, x);
    Tensor result = g.output(CUTOFFS, x.storage.category(), rows, x.dtype(), node);
    if (node != null) {
      g.save(node, x);
      g.save(node, result);
    }
    return result;
  }

  /** {@code (2 / n * grad) * (self - self.mean())}, of a gradient for the variance. */
  private static void deviationBackward(Graph g, Node n) {
    try (Scope scope = Scope.of(g)) {
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
    }
  }
}
