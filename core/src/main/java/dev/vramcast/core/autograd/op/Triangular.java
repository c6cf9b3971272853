package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Operation;

/** Triangular systems. Arguments stay the caller's. */
public final class Triangular {

  private static final Operation SOLVE =
      Operation.of("aten::linalg_solve_triangular")
          .backward(
              "aten::linalg_solve_triangular",
              "torch/csrc/autograd/FunctionsManual.cpp linalg_solve_triangular_backward");

  private Triangular() {}

  /** {@code torch.linalg.solve_triangular}: saves the matrix and its result. */
  public static Tensor solve(Graph g, Tensor matrix, Tensor right, String name) {
    Node node = g.node(SOLVE, Triangular::gradients, matrix, right);
    if (node != null) {
      g.save(node, matrix);
    }
    Tensor result = g.output(name, right.storage.category(), right.elements, right.dtype, node);
    if (node != null && node.wants(0)) {
      g.save(node, result);
    }
    return result;
  }

  /** The system is solved for the gradient; the matrix gets its product, negated and cut. */
  private static void gradients(Graph g, Node n) {
    Tensor right = Pointwise.gradientLike(g, n.inputs[1]);
    if (n.wants(0)) {
      Tensor product = Pointwise.gradientLike(g, n.inputs[0]);
      Tensor negated = Pointwise.gradientLike(g, n.inputs[0]);
      g.release(product);
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
      g.release(negated);
    }
    if (n.wants(1)) {
      n.outgoing[1] = right;
    } else {
      g.release(right);
    }
  }
}
