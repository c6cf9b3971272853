package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Keys and values that a model which caches them holds until it returns. */
public final class KeyValueCache {

  private final List<Tensor> held = new ArrayList<>();

  /**
   * Puts the keys and values of a layer behind those that are there, which is a copy even where
   * none are; the layer goes on with the copies (transformers/cache_utils.py {@code
   * DynamicLayer.update}).
   *
   * @param heads query, key and value
   */
  public void update(Graph g, Tensor[] heads) {
    for (int i = 1; i < 3; i++) {
      Tensor copy = Pointwise.copy(g, heads[i], "key-value cache");
      held.add(copy.hold());
      heads[i] = g.rebind(heads[i], copy);
    }
  }

  /** What was put there since the last call, which is the caller's from now on. */
  public List<Tensor> take() {
    List<Tensor> taken = List.copyOf(held);
    held.clear();
    return taken;
  }
}
