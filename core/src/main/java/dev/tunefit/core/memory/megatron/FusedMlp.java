package dev.tunefit.core.memory.megatron;

import dev.tunefit.core.architecture.GatedMlp;
import dev.tunefit.core.architecture.Linear;
import dev.tunefit.core.architecture.Mlp;
import dev.tunefit.core.architecture.Norm;
import dev.tunefit.core.architecture.PlainMlp;
import dev.tunefit.core.memory.autograd.FusedLayers;
import dev.tunefit.core.memory.autograd.FusedLayers.Affine;
import dev.tunefit.core.memory.autograd.FusedLayers.Product;
import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.Pointwise;
import dev.tunefit.core.memory.autograd.Tensor;

/**
 * megatron/core/transformer/mlp.py: gate and up are one product, after the norm where that is part
 * of it.
 *
 * @param before null where the norm is a module of its own (shared experts)
 */
record FusedMlp(
    Affine before, boolean gated, Tensor up, Product upShape, Tensor down, Product downShape)
    implements Part {

  /** As {@link #of}, without a norm. */
  static FusedMlp shared(ParameterBuffers buffers, Rows rows, Division division, GatedMlp whole) {
    return of(buffers, rows, division, null, true, whole.down());
  }

  static FusedMlp of(
      ParameterBuffers buffers, Rows rows, Division division, Mlp whole, Norm before) {
    Affine affine = Affines.of(buffers, before);
    if (whole instanceof GatedMlp mlp) {
      return of(buffers, rows, division, affine, true, mlp.down());
    }
    return of(buffers, rows, division, affine, false, ((PlainMlp) whole).down());
  }

  private static FusedMlp of(
      ParameterBuffers buffers,
      Rows rows,
      Division division,
      Affine before,
      boolean gated,
      Linear down) {
    long inner = down.in() / division.tensor();
    long out = gated ? 2 * inner : inner;
    Tensor up = buffers.matrix(down.out(), out).value();
    if (down.bias()) {
      buffers.plain("biases", out + down.out());
    }
    return new FusedMlp(
        before,
        gated,
        up,
        new Product(rows.all(), down.out(), out, division.tokenWays()),
        buffers.matrix(inner, down.out()).value(),
        new Product(rows.all(), inner, down.out(), division.tokenWays()));
  }

  @Override
  public Tensor forward(Graph g, Tensor x) {
    Tensor wide =
        before == null
            ? FusedLayers.column(g, x, up, upShape)
            : FusedLayers.normColumn(g, x, before, up, upShape);
    Tensor activated =
        gated
            ? FusedLayers.gated(g, wide, null)
            : Pointwise.activation(g, wide, "activation outputs");
    Tensor result = FusedLayers.row(g, activated, down, downShape);
    g.release(activated, wide);
    return result;
  }
}
