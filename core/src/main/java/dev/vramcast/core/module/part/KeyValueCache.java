package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Keys and values that a model which caches them holds until it returns. */
public final class KeyValueCache {

  private final List<Tensor> held = new ArrayList<>();

  private final boolean copies;

  /**
   * @param copies keys and values are put behind none by a copy (transformers/cache_utils.py {@code
   *     DynamicLayer.lazy_initialization}, since 4.56); else they are held as they are
   */
  public KeyValueCache(boolean copies) {
    this.copies = copies;
  }

  /** Whether a layer goes on with copies, which lie head by head. */
  public boolean copies() {
    return copies;
  }

  /**
   * Puts the keys and values of a layer behind those that are there; the layer goes on with the
   * copies (transformers/cache_utils.py {@code DynamicLayer.update}).
   *
   * @param heads query, key and value
   */
  public void update(Graph g, Tensor[] heads) {
    for (int i = 1; i < 3; i++) {
      if (!copies) {
        held.add(heads[i].hold());
        continue;
      }
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
