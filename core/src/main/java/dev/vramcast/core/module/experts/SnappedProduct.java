package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;

/**
 * A grouped product with frozen matrices and what their adapters add, rounded to what NVFP4 can
 * hold (axolotl sonicmoe/nvfp4_lora.py GroupedUpProjLoRA and GroupedDownProjLoRA, merge-aware). The
 * gradient of the sum is taken to be that of the rounded one, and goes to the factors.
 *
 * @param experts matrices
 * @param in features of a row that goes in
 * @param out features of one that comes out
 */
record SnappedProduct(long experts, long in, long out) {

  private static final String SOURCE =
      "axolotl/integrations/kernels/libs/sonicmoe/nvfp4_lora.py GroupedUpProjLoRA";

  private static final Operation FUNCTION =
      Operation.of("GroupedUpProjLoRA", SOURCE + ".forward")
          .backward("GroupedUpProjLoRA backward", SOURCE + ".backward");

  /**
   * The product; arguments stay the caller's.
   *
   * @param a factor of all experts on the side of the input, in the dtype of {@code x}
   * @param b factor on the side of the output, in that dtype
   * @param rows of {@code x}
   */
  Tensor apply(Graph g, Tensor x, Tensor a, Tensor b, long rows) {
    Node node = g.node(FUNCTION, (graph, n) -> backward(graph, n, rows), x, a, b);
    try (Scope scope = Scope.of(g)) {
      Tensor turned = scope.own(temporary(g, "adapter", b.elements(), b));
      Tensor scaled = temporary(g, "adapter", a.elements(), a);
      Tensor product = g.rebind(scaled, temporary(g, "adapter product", matrices(), x));
      Tensor snapped = scope.own(temporary(g, "merged weight", matrices(), x));
      g.release(product);
      Tensor result = g.output("expert outputs", Category.ACTIVATIONS, rows * out, x.dtype(), node);
      for (Tensor kept : new Tensor[] {x, snapped, a, b, turned}) {
        g.save(node, kept);
      }
      return result;
    }
  }

  private long matrices() {
    return experts * in * out;
  }

  /** {@code _lora_backward_per_group}: products of the rows with each factor are made anew. */
  private void backward(Graph g, Node n, long rows) {
    Tensor a = n.inputs[1];
    Tensor b = n.inputs[2];
    long thin = rows * (a.elements() / (experts * in));
    try (Scope scope = Scope.of(g)) {
      scope.own(scaled(g, thin, a));
      scope.own(scaled(g, thin, a));
      Tensor input = scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      n.outgoing[1] = Pointwise.gradientLike(g, a);
      scope.own(temporary(g, "gradient", b.elements(), b));
      n.outgoing[2] = Pointwise.gradientLike(g, b);
      n.outgoing[0] = n.wants(0) ? input.hold() : null;
    }
  }

  private static Tensor scaled(Graph g, long elements, Tensor like) {
    Tensor product = temporary(g, "adapter outputs", elements, like);
    return g.rebind(product, temporary(g, "adapter outputs", elements, like));
  }

  private static Tensor temporary(Graph g, String name, long elements, Tensor like) {
    return g.allocate(name, Category.TEMPORARIES, elements, like.dtype());
  }
}
