package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
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
    Tensor product = Matrix.product(g, left, right, weight.elements(), "adapter product");
    g.release(left, right);
    Tensor scaled = Pointwise.scale(g, product, "adapter product");
    g.release(product);
    Tensor narrow = Pointwise.cast(g, scaled, weight.dtype(), "adapter product");
    g.release(scaled);
    Tensor checked =
        g.allocate(
            Aten.ADD, "merged weight", Category.TEMPORARIES, weight.elements(), weight.dtype());
    g.release(checked);
    return narrow;
  }

  /** The parameter with the product added. */
  public Tensor merged(Graph g, Tensor delta) {
    return Pointwise.add(g, weight.value(), delta, "merged weight");
  }

  /** The scores of a router. */
  public Tensor router(Graph g, Tensor x) {
    Tensor delta = delta(g);
    Tensor whole = merged(g, delta);
    Tensor input = g.autocast() ? Pointwise.cast(g, x, g.autocastDtype()) : x.hold();
    Tensor scores =
        Matrix.linear(
            g, input, whole, null, x.elements() / in, out, "router scores", Category.ACTIVATIONS);
    g.release(whole, delta);
    g.release(input);
    return scores;
  }
}
