package dev.vramcast.core.autograd.weight;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** Matrices as large as a linear's weight that are made of smaller ones for a pass. */
public final class MadeWeights {

  private static final String NAME = "adapter weight";

  private static final Operation HADAMARD =
      Operation.of("HadaWeight", "peft/tuners/loha/layer.py HadaWeight.forward")
          .backward("HadaWeight backward", "peft/tuners/loha/layer.py HadaWeight.backward");

  private static final Operation KRONECKER =
      Operation.of("aten::kron", "peft/tuners/lokr/layer.py make_kron").backward("aten::mul");

  private MadeWeights() {}

  /**
   * The product by element of two products of factors, which saves the factors alone: the backward
   * pass makes both products again, outside autocast.
   *
   * @param factors two of each product, in the order of the products
   * @param rows of the result
   * @param columns of the result
   */
  public static Tensor hadamard(Graph g, List<Parameter> factors, long rows, long columns) {
    long elements = rows * columns;
    Tensor[] values = factors.stream().map(Parameter::value).toArray(Tensor[]::new);
    Node node = g.node(HADAMARD, (graph, n) -> toFactors(graph, n, elements), values);
    for (Tensor value : values) {
      g.save(node, value);
    }
    Tensor made =
        g.withoutGrad(
            () -> {
              Tensor first = product(g, factors.get(0), factors.get(1), rows, columns);
              Tensor second = product(g, factors.get(2), factors.get(3), rows, columns);
              Tensor both = g.rebind(first, second, Pointwise.mul(g, first, second, NAME));
              return g.rebind(both, Pointwise.scale(g, both, NAME));
            });
    return g.withSource(made, node);
  }

  /** The products that are not there any more are as wide as the factors. */
  private static void toFactors(Graph g, Node n, long elements) {
    Tensor incoming = n.gradient();
    DataType dtype = n.inputs[0].dtype();
    Tensor scaled = temporary(g, elements, incoming.dtype());
    Tensor before = null;
    for (int i = 0; i < n.inputs.length; i += 2) {
      Tensor other = temporary(g, elements, dtype);
      Tensor gradient = temporary(g, elements, dtype);
      g.release(other);
      if (before != null) {
        g.release(before);
      }
      before = gradient;
      n.outgoing[i] = Pointwise.gradientLike(g, n.inputs[i]);
      n.outgoing[i + 1] = Pointwise.gradientLike(g, n.inputs[i + 1]);
    }
    if (before != null) {
      g.release(before);
    }
    g.release(scaled);
  }

  private static Tensor temporary(Graph g, long elements, DataType dtype) {
    return g.allocate("gradients of activations", Category.TEMPORARIES, elements, dtype);
  }

  /** A product of two factors, which autocast copies. */
  public static Tensor product(Graph g, Parameter left, Parameter right, long rows, long columns) {
    DataType dtype = g.autocast() ? g.autocastDtype() : left.dtype();
    try (Scope scope = Scope.of(g)) {
      Tensor a = scope.own(Matrix.castWeight(g, left, dtype));
      Tensor b = scope.own(Matrix.castWeight(g, right, dtype));
      return Matrix.linear(g, a, b, null, rows, columns, NAME, Category.ACTIVATIONS);
    }
  }

  /**
   * {@code torch.kron}, which multiplies views of both; arguments stay the caller's.
   *
   * @param elements of the result
   */
  public static Tensor kronecker(Graph g, Tensor a, Tensor b, long elements) {
    Node node = g.node(KRONECKER, Node.Kernel.OWN, (graph, n) -> toBoth(graph, n, elements), a, b);
    if (node != null && node.wants(1)) {
      g.save(node, a);
    }
    if (node != null && node.wants(0)) {
      g.save(node, b);
    }
    DataType dtype = a.dtype().bytes() >= b.dtype().bytes() ? a.dtype() : b.dtype();
    g.site().operation(KRONECKER);
    return g.output(NAME, Category.ACTIVATIONS, elements, dtype, node);
  }

  private static void toBoth(Graph g, Node n, long elements) {
    for (int i = 1; i >= 0; i--) {
      if (n.wants(i)) {
        n.outgoing[i] = temporary(g, elements, n.gradient().dtype());
      }
    }
    n.fitted = true;
  }
}
