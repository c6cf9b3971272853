package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.SideGraph;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import org.jspecify.annotations.Nullable;

/**
 * DoRA's forward pass (peft/tuners/lora/variants.py DoraLinearVariant, dora.py DoraLinearLayer):
 * the adapter's product is materialised through an identity matrix, the base weight is brought to
 * the input's dtype, and both results are scaled by the learned magnitude.
 */
record DoraForward(LowRankAdapter adapter, Parameter magnitude) {

  Tensor apply(Graph g, Tensor x, Tensor result, BaseLinear base) {
    boolean drops = adapter.dropout() > 0;
    Tensor input =
        drops
            ? Pointwise.dropout(g, x, adapter.dropout(), "adapter inputs after dropout")
            : x.hold();
    Tensor eye = identity(g);
    SideGraph<Tensor> side = SideGraph.open(g, () -> adapterProduct(g, eye, input));
    Tensor stored = base.dequantised(g);
    Tensor weight =
        g.rebind(stored, Pointwise.detachedCast(g, stored, input.dtype(), "DoRA base weight"));
    weightNorm(g, weight, side.result());
    Tensor scale = Pointwise.scale(g, magnitude.value(), "DoRA scale");
    Tensor inner = adapter.down(g, input);
    Tensor adapted = g.rebind(inner, adapter.up(g, inner));
    Tensor baseResult = drops ? baseResult(g, input, weight) : withoutBias(g, result, base.bias());
    try (Scope scope = Scope.of(g)) {
      Tensor extra =
          scope.own(g.rebind(baseResult, adapted, combine(g, scale, baseResult, adapted)));
      g.release(scale, weight);
      g.release(side.result(), input);
      side.close();
      if (adapter.holdsIdentity()) {
        scope.own(eye);
      }
      return Pointwise.add(g, result, extra, "linear outputs");
    }
  }

  private Tensor identity(Graph g) {
    long in = adapter.sizes().in();
    return g.allocate(
        Aten.EYE, "DoRA identity matrix", Category.TEMPORARIES, in * in, adapter.a().dtype());
  }

  private Tensor adapterProduct(Graph g, Tensor eye, Tensor input) {
    Tensor inner = adapter.down(g, eye);
    Tensor product = g.rebind(inner, adapter.up(g, inner));
    if (!adapter.holdsIdentity()) {
      g.release(eye);
    }
    return adapter.holdsIdentity()
        ? product
        : g.rebind(product, Pointwise.cast(g, product, input.dtype(), "DoRA adapter product"));
  }

  /** {@code base_result - bias}, which is as wide as the wider of both. */
  private static Tensor withoutBias(Graph g, Tensor result, @Nullable Parameter bias) {
    return bias == null
        ? result.hold()
        : Pointwise.add(g, result, bias.value(), "DoRA base outputs");
  }

  private void weightNorm(Graph g, Tensor weight, Tensor product) {
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate(
              Aten.MUL,
              "DoRA adapter product",
              Category.TEMPORARIES,
              product.elements(),
              product.dtype()));
      scope.own(
          g.allocate(
              Aten.ADD,
              "DoRA merged weight",
              Category.TEMPORARIES,
              weight.elements(),
              weight.dtype()));
    }
  }

  private Tensor baseResult(Graph g, Tensor input, Tensor weight) {
    try (Scope scope = Scope.of(g)) {
      Tensor cast = scope.own(Pointwise.lowered(g, input));
      Tensor matrix =
          scope.own(Pointwise.cast(g, weight, cast.dtype(), "DoRA base weight cast by autocast"));
      return Matrix.linear(
          g,
          cast,
          matrix,
          null,
          input.elements() / adapter.sizes().in(),
          adapter.sizes().out(),
          "DoRA base outputs",
          Category.ACTIVATIONS);
    }
  }

  private Tensor combine(Graph g, Tensor scale, Tensor baseResult, Tensor adapted) {
    Tensor minusOne = Pointwise.scale(g, scale, "DoRA scale");
    Tensor scaledBase =
        g.rebind(minusOne, Pointwise.mul(g, minusOne, baseResult, "DoRA scaled outputs"));
    Tensor scaledAdapted = Pointwise.mul(g, scale, adapted, "DoRA scaled outputs");
    Tensor rescaled =
        g.rebind(scaledAdapted, Pointwise.scale(g, scaledAdapted, "DoRA scaled outputs"));
    return g.rebind(
        scaledBase, rescaled, Pointwise.add(g, scaledBase, rescaled, "DoRA scaled outputs"));
  }
}
