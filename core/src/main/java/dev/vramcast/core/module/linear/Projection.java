package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;

/**
 * A linear layer of the model with the adapter on it, if it has one.
 *
 * @param adapter null when the layer is no target
 * @param sliced null except for LitGPT's fused query-key-value projection
 */
public record Projection(BaseLinear base, LowRankAdapter adapter, SlicedAdapter sliced) {

  public Projection(BaseLinear base, LowRankAdapter adapter) {
    this(base, adapter, null);
  }

  /** The layer's result; the argument stays the caller's. */
  public Tensor forward(Graph g, Tensor x) {
    if (sliced != null) {
      return sliced.forward(g, x, base);
    }
    return adapter == null ? base.forward(g, x) : adapter.forward(g, x, base);
  }
}
