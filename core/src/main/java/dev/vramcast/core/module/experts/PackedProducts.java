package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * Both products of packed experts and of their adapters, which are trained (axolotl
 * scattermoe_lora/grouped_train.py _GroupedExperts, by Marlin; adapters by grouped_lora.py). Rows
 * of each expert are filled up to tiles. The backward pass makes some experts' matrices 16-bit at a
 * time, for the product with the gradient.
 *
 * @param experts matrices of each kind
 * @param rows with those that fill up tiles
 * @param hidden features of a row
 * @param inner features between the products
 * @param rank of adapters
 */
record PackedProducts(long experts, long rows, long hidden, long inner, long rank) {

  /** {@code CHUNK_E}. */
  private static final long CHUNK = 16;

  private static final String SOURCE =
      "axolotl/integrations/kernels/libs/scattermoe_lora/grouped_train.py _GroupedExperts";

  private static final Operation FUNCTION =
      Operation.of("_GroupedExperts", SOURCE + ".forward")
          .backward("_GroupedExperts backward", SOURCE + ".backward");

  /**
   * The outputs; arguments stay the caller's.
   *
   * @param up factors of gates and ups, that of the input first
   * @param down likewise
   */
  Tensor apply(Graph g, Tensor x, Tensor[] up, Tensor[] down) {
    Node node = g.node(FUNCTION, this::backward, x, up[0], up[1], down[0], down[1]);
    try (Scope scope = Scope.of(g)) {
      Tensor gates = base(g, 2 * inner, x);
      Tensor upThin = scope.own(adapted(g, up, x));
      gates = scope.own(g.rebind(gates, base(g, 2 * inner, x)));
      Tensor activated = scope.own(base(g, inner, x));
      Tensor outputs = base(g, hidden, x);
      Tensor downThin = scope.own(adapted(g, down, x));
      Tensor result =
          g.rebind(
              outputs,
              g.output("expert outputs", Category.ACTIVATIONS, rows * hidden, x.dtype(), node));
      for (Tensor kept :
          new Tensor[] {x, up[0], up[1], down[0], down[1], gates, activated, upThin, downThin}) {
        g.save(node, kept);
      }
      return result;
    }
  }

  /** Rows times the first factor; both are copied in the layout of the kernel meanwhile. */
  private Tensor adapted(Graph g, Tensor[] factors, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      for (Tensor factor : factors) {
        scope.own(temporary(g, "adapter", factor.elements(), x));
      }
      Tensor thin = base(g, rank, x);
      scope.own(temporary(g, "adapter outputs", rows * rank, x));
      return thin;
    }
  }

  private void backward(Graph g, Node n) {
    Tensor like = n.inputs[0];
    Tensor inside = product(g, inner, hidden * inner, like);
    inside = throughAdapter(g, n, 3, inner, inside);
    Tensor gates = g.rebind(inside, temporary(g, "gradients", rows * 2 * inner, like));
    Tensor input = product(g, hidden, 2 * hidden * inner, like);
    input = throughAdapter(g, n, 1, hidden, input);
    g.release(gates);
    n.outgoing[0] = n.wants(0) ? input.hold() : null;
    g.release(input);
  }

  /** {@code _base_dx}: a loop's name lets go of matrices when the next ones are there. */
  private Tensor product(Graph g, long features, long matrix, Tensor like) {
    Tensor result = temporary(g, "gradients", rows * features, like);
    long many = Math.min(CHUNK, experts);
    Tensor whole = whole(g, many * matrix);
    if (experts > CHUNK) {
      whole = g.rebind(whole, whole(g, many * matrix));
    }
    Tensor part = temporary(g, "gradients", rows * features * many / experts, like);
    g.release(part, whole);
    return result;
  }

  private static Tensor whole(Graph g, long elements) {
    return g.allocate("unpacked weights", Category.TEMPORARIES, elements, DataType.BF16);
  }

  /** {@code grouped_lora_bwd}: adds to the gradient of rows, and makes those of both factors. */
  private Tensor throughAdapter(Graph g, Node n, int first, long features, Tensor base) {
    Tensor a = n.inputs[first];
    Tensor b = n.inputs[first + 1];
    try (Scope scope = Scope.of(g)) {
      scope.own(temporary(g, "adapter outputs", rows * rank, base));
      scope.own(temporary(g, "adapter outputs", rows * rank, base));
      Tensor sum = g.rebind(base, temporary(g, "gradients", rows * features, base));
      scope.own(temporary(g, "adapter", b.elements(), b));
      n.outgoing[first] = Pointwise.gradientLike(g, a);
      scope.own(temporary(g, "gradient", b.elements(), b));
      n.outgoing[first + 1] = Pointwise.gradientLike(g, b);
      return sum;
    }
  }

  private Tensor base(Graph g, long features, Tensor like) {
    return g.allocate("expert outputs", Category.ACTIVATIONS, rows * features, like.dtype());
  }

  private static Tensor temporary(Graph g, String name, long elements, Tensor like) {
    return g.allocate(name, Category.TEMPORARIES, elements, like.dtype());
  }
}
