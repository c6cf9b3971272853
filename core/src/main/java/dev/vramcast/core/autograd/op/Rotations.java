package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/** Sums of powers of skew-symmetric matrices (peft/tuners/oft/layer.py OFTRotationModule). */
public final class Rotations {

  private static final Operation SKEW = Operation.of("aten::sub").backward("aten::index");
  private static final Operation ADD = Operation.of("aten::add_").backward("aten::mul");
  private static final Operation REPEAT = Operation.of("aten::repeat");

  private Rotations() {}

  /**
   * Upper triangles written into zeros, less their transpose; the argument stays the caller's.
   *
   * @param elements of the matrices
   */
  public static Tensor skew(Graph g, Tensor triangles, long elements) {
    Node node = g.node(SKEW, Rotations::triangles, triangles);
    Tensor written =
        g.allocate(Aten.ZEROS, "rotations", Category.TEMPORARIES, elements, triangles.dtype());
    Tensor skew = g.output("rotations", Category.ACTIVATIONS, elements, triangles.dtype(), node);
    return g.rebind(written, skew);
  }

  /** The transpose's gradient is negated and added to the other before it is read. */
  private static void triangles(Graph g, Node n) {
    Tensor gradient = n.gradient();
    g.release(
        g.allocate(
            "gradients of activations",
            Category.TEMPORARIES,
            gradient.elements(),
            gradient.dtype()));
    n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
  }

  /** {@code eye(block).repeat(…)}. */
  public static Tensor identities(Graph g, long elements, long block, DataType dtype) {
    Tensor one = g.allocate(Aten.EYE, "rotations", Category.TEMPORARIES, block * block, dtype);
    return g.rebind(one, g.allocate(REPEAT, "rotations", Category.ACTIVATIONS, elements, dtype));
  }

  /**
   * {@code sum.add_(term)}, or twice the term. Takes over the sum; the term stays the caller's.
   *
   * @param twice the term's gradient is scaled into a new tensor before it is cast
   */
  public static Tensor add(Graph g, Tensor sum, Tensor term, boolean twice) {
    Node node = g.node(ADD, (graph, n) -> toBoth(graph, n, twice), sum, term);
    return node == null ? sum : g.withSource(sum, node);
  }

  private static void toBoth(Graph g, Node n, boolean twice) {
    n.outgoing[0] = n.wants(0) ? n.gradient().hold() : null;
    if (!n.wants(1)) {
      return;
    }
    Tensor gradient =
        twice
            ? g.allocate(
                "gradients of activations",
                Category.TEMPORARIES,
                n.gradient().elements(),
                n.gradient().dtype())
            : n.gradient().hold();
    n.outgoing[1] =
        g.rebind(
            gradient,
            Pointwise.detachedCast(g, gradient, n.inputs[1].dtype(), "gradients of activations"));
  }
}
