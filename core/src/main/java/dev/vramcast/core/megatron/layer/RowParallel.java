package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.module.engine.EngineProducts;
import org.jspecify.annotations.Nullable;

/**
 * A product of which each rank has some inputs; the results of all ranks are summed.
 *
 * @param adapter null for none
 * @param how in how many bits it computes
 */
record RowParallel(Tensor weight, Product shape, @Nullable Adapter adapter, NarrowLinears how) {

  /**
   * A projection of the model.
   *
   * @param in features of this rank
   */
  static RowParallel of(LayerLoader loader, Linear part, long in) {
    long out = part.out();
    Tensor weight = loader.buffers().matrix(in, out).value();
    if (part.bias()) {
      loader.buffers().plain("biases", out);
    }
    Product shape = new Product(loader.rows().all(), in, out, loader.division().tokenDegree());
    return new RowParallel(
        weight, shape, loader.rowAdapter(part, new Adapters.Shape(in, out)), loader.linears());
  }

  /** Runs the product; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x) {
    if (how.areEngines()) {
      return EngineProducts.row(g, x, weight, shape, how);
    }
    Tensor result = FusedLayers.row(g, x, weight, shape);
    return adapter == null ? result : adapter.add(g, x, result);
  }
}
