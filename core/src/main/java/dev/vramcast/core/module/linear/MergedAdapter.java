package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;

/**
 * LoRA on a bare parameter (peft/tuners/lora/layer.py ParamWrapper): the product of the factors is
 * made as large as the parameter, and added to it for every forward pass.
 *
 * @param weight the frozen parameter
 * @param a factor on the side of the input, for all experts
 * @param b factor on the side of the output, for all experts
 * @param out output features, for a router
 */
public record MergedAdapter(Parameter weight, Parameter a, Parameter b, long in, long out) {

  /** The product of the factors in the parameter's dtype. */
  public Tensor delta(Graph g) {
    Tensor left = Matrix.castActivation(g, b.value());
    Tensor right = Matrix.castActivation(g, a.value());
    Tensor product =
        g.rebind(left, right, Matrix.product(g, left, right, weight.elements(), "adapter product"));
    Tensor scaled = g.rebind(product, Pointwise.scale(g, product, "adapter product"));
    Tensor narrow = g.rebind(scaled, Pointwise.cast(g, scaled, weight.dtype(), "adapter product"));
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate(
              Aten.ADD, "merged weight", Category.TEMPORARIES, weight.elements(), weight.dtype()));
      return narrow;
    }
  }

  /** The parameter with the product added. */
  public Tensor merged(Graph g, Tensor delta) {
    return Pointwise.add(g, weight.value(), delta, "merged weight");
  }

  /** The scores of a router. */
  public Tensor router(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor delta = scope.own(delta(g));
      Tensor whole = scope.own(merged(g, delta));
      Tensor input = scope.own(Pointwise.lowered(g, x));
      return Matrix.linear(
          g, input, whole, null, x.elements() / in, out, "router scores", Category.ACTIVATIONS);
    }
  }
}
