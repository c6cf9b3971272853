package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.SideGraph;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;

/**
 * DoRA's forward pass (peft/tuners/lora/variants.py DoraLinearVariant, dora.py DoraLinearLayer):
 * the adapter's product is materialised through an identity matrix, the base weight is brought to
 * the input's dtype, and both results are scaled by the learned magnitude.
 */
record DoraForward(LowRankAdapter adapter, Parameter magnitude) {

  Tensor apply(Graph g, Tensor x, Tensor result, BaseLinear base) {
    boolean drops = adapter.dropout() > 0;
    Tensor input = Pointwise.dropout(g, x, adapter.dropout(), "adapter inputs after dropout");
    Tensor[] product = new Tensor[1];
    SideGraph side = SideGraph.open(g, () -> product[0] = adapterProduct(g, input));
    Tensor stored = base.dequantised(g);
    Tensor weight = Pointwise.detachedCast(g, stored, input.dtype(), "DoRA base weight");
    g.release(stored);
    weightNorm(g, weight, product[0]);
    Tensor scale = Pointwise.scale(g, magnitude.value(), "DoRA scale");
    Tensor inner = adapter.down(g, input);
    Tensor adapted = adapter.up(g, inner);
    g.release(inner);
    Tensor baseResult = drops ? baseResult(g, input, weight) : result.hold();
    Tensor extra = combine(g, scale, baseResult, adapted);
    g.release(baseResult, adapted);
    g.release(scale, weight);
    g.release(product[0], input);
    side.close();
    Tensor sum = Pointwise.add(g, result, extra, "linear outputs");
    g.release(extra);
    return sum;
  }

  private Tensor adapterProduct(Graph g, Tensor input) {
    long in = adapter.in();
    Tensor eye =
        g.allocate(
            Aten.EYE, "DoRA identity matrix", Category.TEMPORARIES, in * in, adapter.a().dtype());
    Tensor inner = adapter.down(g, eye);
    g.release(eye);
    Tensor product = adapter.up(g, inner);
    g.release(inner);
    Tensor cast = Pointwise.cast(g, product, input.dtype(), "DoRA adapter product");
    g.release(product);
    return cast;
  }

  private void weightNorm(Graph g, Tensor weight, Tensor product) {
    Tensor scaled =
        g.allocate(
            Aten.MUL,
            "DoRA adapter product",
            Category.TEMPORARIES,
            product.elements(),
            product.dtype());
    Tensor sum =
        g.allocate(
            Aten.ADD,
            "DoRA merged weight",
            Category.TEMPORARIES,
            weight.elements(),
            weight.dtype());
    g.release(scaled, sum);
  }

  private Tensor baseResult(Graph g, Tensor input, Tensor weight) {
    Tensor cast = g.autocast() ? Pointwise.cast(g, input, g.autocastDtype()) : input.hold();
    Tensor matrix = Pointwise.cast(g, weight, cast.dtype(), "DoRA base weight cast by autocast");
    Tensor result =
        Matrix.linear(
            g,
            cast,
            matrix,
            null,
            input.elements() / adapter.in(),
            adapter.out(),
            "DoRA base outputs",
            Category.ACTIVATIONS);
    g.release(cast, matrix);
    return result;
  }

  private Tensor combine(Graph g, Tensor scale, Tensor baseResult, Tensor adapted) {
    Tensor minusOne = Pointwise.scale(g, scale, "DoRA scale");
    Tensor scaledBase = Pointwise.mul(g, minusOne, baseResult, "DoRA scaled outputs");
    g.release(minusOne);
    Tensor scaledAdapted = Pointwise.mul(g, scale, adapted, "DoRA scaled outputs");
    Tensor rescaled = Pointwise.scale(g, scaledAdapted, "DoRA scaled outputs");
    g.release(scaledAdapted);
    Tensor extra = Pointwise.add(g, scaledBase, rescaled, "DoRA scaled outputs");
    g.release(scaledBase, rescaled);
    return extra;
  }
}
