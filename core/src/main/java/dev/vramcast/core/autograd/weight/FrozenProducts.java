package dev.vramcast.core.autograd.weight;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** Products with matrices that many layers share and none trains. */
public final class FrozenProducts {

  private FrozenProducts() {}

  /**
   * A product of activations and a part of a frozen matrix; {@code x} stays the caller's. Autocast
   * copies both, and the copy of the matrix is saved where {@code x} wants a gradient.
   *
   * @param in features of {@code x}
   * @param out features of the result
   * @param dtype the matrix's
   */
  public static Tensor linear(Graph g, Tensor x, long in, long out, DataType dtype, String name) {
    Tensor input = Pointwise.lowered(g, x);
    Node node = g.node(Aten.MM, FrozenProducts::ofInput, input);
    if (dtype != input.dtype()) {
      Tensor copy =
          g.allocate(
              Aten.TO_COPY,
              "autocast copies of weights",
              Category.ACTIVATIONS,
              in * out,
              input.dtype());
      g.save(node, copy);
      Tensor result = output(g, x.elements() / in * out, input.dtype(), name, node).of(out);
      g.release(copy, input);
      return result;
    }
    return g.rebind(input, output(g, x.elements() / in * out, dtype, name, node).of(out));
  }

  private static Tensor output(
      Graph g, long elements, DataType dtype, String name, @Nullable Node node) {
    g.site().operation(Aten.MM);
    return g.output(name, Category.ACTIVATIONS, elements, dtype, node);
  }

  private static void ofInput(Graph g, Node n) {
    Tensor product = Pointwise.gradientLike(g, n.inputs[0]);
    n.outgoing[0] = g.view(product, product.elements(), null, 0);
  }
}
