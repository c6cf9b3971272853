package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.function.Function;

/**
 * LoRA on a bare parameter (peft/tuners/lora/layer.py ParamWrapper): the product of the factors is
 * added to it for every forward pass.
 *
 * @param elements of the frozen parameter
 * @param dtype the frozen parameter's
 * @param a factor on the side of the input, for all experts
 * @param b factor on the side of the output, for all experts
 * @param out output features, for a router
 * @param folds one {@code baddbmm} makes the sum, and no product as large as the parameter ({@code
 *     _LoraFactorsProxy}: stacked experts since 0.21)
 * @param cached what is made stays until the outermost wrapper is done ({@code
 *     parametrize.cached()} in {@code _activate_lora}, since 0.19)
 */
public record MergedAdapter(
    long elements,
    DataType dtype,
    Parameter a,
    Parameter b,
    long in,
    long out,
    boolean folds,
    boolean cached) {

  private static final String MERGED = "merged weight";

  /**
   * What is added, in the parameter's dtype: the product of the factors, or both where it folds.
   *
   * @param read gives the parameter, for as long as the sum is tried
   */
  public Tensor[] delta(Graph g, Function<Graph, Tensor> read) {
    Tensor[] delta = folds ? new Tensor[] {turned(g), parts(g)} : new Tensor[] {product(g)};
    // register_parametrization (torch/nn/utils/parametrize.py) tries the sum once without a graph.
    Tensor whole = read.apply(g);
    g.release(g.allocate(Aten.ADD, MERGED, Category.TEMPORARIES, elements, dtype));
    g.release(whole);
    return delta;
  }

  private Tensor product(Graph g) {
    Tensor first = b.view(g);
    Tensor second = a.view(g);
    Tensor left = g.rebind(first, Matrix.castActivation(g, first));
    Tensor right = g.rebind(second, Matrix.castActivation(g, second));
    Tensor product =
        g.rebind(left, right, Matrix.product(g, left, right, elements, "adapter product"));
    Tensor scaled = g.rebind(product, Pointwise.scale(g, product, "adapter product"));
    return g.rebind(scaled, narrow(g, scaled, "adapter product"));
  }

  /** Experts have a part each of a factor ({@code reshape} of ParamWrapper.get_delta_factors). */
  private Tensor parts(Graph g) {
    return lowered(g, ShapeOps.reshaped(g, a.view(g)));
  }

  /** The same, of which experts come first: its gradient is put into the factor's order again. */
  private Tensor turned(Graph g) {
    return lowered(g, ShapeOps.viewByHeads(g, b.view(g)));
  }

  private Tensor lowered(Graph g, Tensor view) {
    return g.rebind(view, narrow(g, view, "adapter"));
  }

  private Tensor narrow(Graph g, Tensor tensor, String name) {
    return Pointwise.cast(g, tensor, dtype, name);
  }

  /** {@code whole}, which is the parameter, with {@link #delta} added. */
  public Tensor merged(Graph g, Tensor whole, Tensor[] delta) {
    return folds
        ? Matrix.product(g, delta[0], delta[1], elements, MERGED)
        : Pointwise.add(g, whole, delta[0], MERGED);
  }

  /** The scores of a router with this weight. */
  public Tensor router(Graph g, Tensor x, Tensor weight) {
    try (Scope scope = Scope.of(g)) {
      Tensor[] delta = scope.own(delta(g, graph -> weight.hold()));
      Tensor whole = scope.own(merged(g, weight, delta));
      Tensor input = scope.own(Pointwise.lowered(g, x));
      return Matrix.linear(
          g, input, whole, null, x.elements() / in, out, "router scores", Category.ACTIVATIONS);
    }
  }
}
