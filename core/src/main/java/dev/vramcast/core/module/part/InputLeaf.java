package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The embedding's output, made to require a gradient (Transformers {@code
 * enable_input_require_grads}): as a leaf of the graph it lives until the graph is gone, and so
 * does its gradient.
 */
public final class InputLeaf {

  private final Boundary boundary = new Boundary();

  /** Null where the layer keeps it. */
  private @Nullable Tensor tensor;

  /**
   * The tensor as a leaf; takes over the reference.
   *
   * @param feedsLayer it is itself the first layer's input, which lives as long without this
   */
  public Tensor take(Graph g, Tensor hidden, boolean feedsLayer) {
    Tensor result = boundary.enterRequiringGrad(g, hidden);
    if (!feedsLayer) {
      tensor = result.hold();
    }
    return result;
  }

  public void release(Graph g) {
    if (tensor != null) {
      g.release(tensor);
    }
    Tensor gradient = boundary.take();
    if (gradient != null) {
      g.release(gradient);
    }
  }
}
