package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;

/** A part of a decoder layer: attention or MLP. */
public interface LayerPart {

  /**
   * Whether the part's projections are the layer's own, whose code gives the name of the input away
   * before it has run, so that {@link #forward} takes the argument over.
   */
  default boolean takesOver() {
    return false;
  }

  /** Runs the part; the argument stays the caller's, the result is the caller's. */
  Tensor forward(Graph g, Tensor x, SharedInputs shared);

  /**
   * As {@link #forward(Graph, Tensor, SharedInputs)}, where the layer's code has names for what the
   * part makes on its way.
   *
   * @param layer what has a name lives until it ends
   */
  default Tensor forward(Graph g, Tensor x, SharedInputs shared, Scope layer) {
    return forward(g, x, shared);
  }
}
