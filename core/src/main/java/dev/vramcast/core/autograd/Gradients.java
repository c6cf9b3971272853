package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Operation;
import org.jspecify.annotations.Nullable;

/** What happens to a gradient on its way. */
public final class Gradients {

  private static final Operation HOOK = Operation.of("register_hook");

  private Gradients() {}

  /** Adds two gradients, in place where the first belongs to nobody else. */
  static Tensor accumulate(Graph g, @Nullable Tensor first, Tensor second) {
    if (first == null) {
      return second;
    }
    if (first.ownedByOne()) {
      g.release(second);
      return first;
    }
    Tensor sum =
        g.allocate(
            Aten.ACCUMULATE,
            first.storage.name(),
            first.storage.category(),
            first.elements,
            first.dtype);
    sum.storage.like(first.storage);
    g.release(first, second);
    return sum;
  }

  /**
   * The same tensor, with something that happens when its gradient is there; takes over the
   * reference.
   */
  public static Tensor onArrival(Graph g, Tensor tensor, Runnable action) {
    Node node =
        g.node(
            HOOK,
            (graph, self) -> {
              action.run();
              self.outgoing[0] = self.gradient().hold();
            },
            tensor);
    return node == null ? tensor : g.withSource(tensor, node);
  }
}
