package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.module.engine.EngineProducts;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A product of which each rank makes some columns, on all tokens.
 *
 * @param before the norm that is part of it, null for none
 * @param keeps the tokens of all ranks, for the backward pass
 * @param adapter null for none
 * @param how in how many bits it computes
 */
record ColumnParallel(
    @Nullable Affine before,
    Tensor weight,
    Product shape,
    boolean keeps,
    @Nullable Adapter adapter,
    NarrowLinears how) {

  /**
   * A product that stands for some projections of the model.
   *
   * @param out features of this rank
   * @param before null for no norm
   */
  static ColumnParallel of(
      LayerLoader loader, Collection<Linear> parts, long in, long out, @Nullable Norm before) {
    ParameterBuffers buffers = loader.buffers();
    Affine affine = before == null ? null : buffers.norm(before);
    Tensor weight = buffers.matrix(in, out).value();
    if (parts.stream().anyMatch(Linear::bias)) {
      buffers.plain("biases", out);
    }
    Product shape = new Product(loader.rows().all(), in, out, loader.division().tokenDegree());
    boolean keeps = loader.code().is(LayerCode.KEEPS_GATHERED);
    return new ColumnParallel(
        affine,
        weight,
        shape,
        keeps,
        loader.columnAdapter(parts, new Adapters.Shape(in, out)),
        loader.linears());
  }

  /** Runs the product; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x) {
    if (before != null && how.areEngines()) {
      return EngineProducts.normColumn(g, x, before, weight, shape, how);
    }
    if (adapter != null) {
      return adapter.first().rows() == shape.rows()
          ? withAdapter(g, x, adapter)
          : withOwn(g, x, adapter);
    }
    if (keeps) {
      Tensor all = gathered(g, x);
      return g.rebind(all, FusedLayers.column(g, all, weight, whole()));
    }
    return before == null
        ? FusedLayers.column(g, x, weight, shape)
        : FusedLayers.normColumn(g, x, before, weight, shape);
  }

  /** This rank's normalised tokens go into the adapter, whose inner results are gathered. */
  private Tensor withOwn(Graph g, Tensor x, Adapter added) {
    Tensor own =
        before == null ? x.hold() : FusedLayers.norm(g, x, before, shape.rows() / shape.degrees());
    return g.rebind(own, added.add(g, own, FusedLayers.column(g, own, weight, shape)));
  }

  /** The normalised tokens of all ranks go into both ({@code return_layernorm_output_gathered}). */
  private Tensor withAdapter(Graph g, Tensor x, Adapter added) {
    Tensor all = gathered(g, x);
    return g.rebind(all, added.add(g, all, FusedLayers.column(g, all, weight, whole())));
  }

  private Product whole() {
    return new Product(shape.rows(), shape.in(), shape.out(), 1);
  }

  /** The normalised tokens of all ranks. */
  private Tensor gathered(Graph g, Tensor x) {
    Tensor own =
        before == null ? x.hold() : FusedLayers.norm(g, x, before, shape.rows() / shape.degrees());
    return shape.degrees() == 1
        ? own
        : g.rebind(own, ShapeOps.resized(g, own, shape.rows() * shape.in(), "gathered tokens"));
  }
}
