package dev.vramcast.core.autograd;

import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Autocast's copies of leaves that require gradients, which it keeps until it is left
 * (aten/src/ATen/autocast_mode.cpp cached_cast): of weights, and of the input of a checkpoint that
 * runs again.
 */
final class CastCache {

  private final Graph graph;
  private final List<Entry> entries = new ArrayList<>();

  /** The copy of an input and what it is of; both null where there is none. */
  private @Nullable Tensor input;

  private @Nullable Tensor ofInput;

  private boolean holdsAll;

  /**
   * A copy.
   *
   * @param iterations how many equal layers have one like it
   */
  private record Entry(Parameter parameter, Tensor cast, int iterations) {}

  CastCache(Graph graph) {
    this.graph = graph;
  }

  /** Copies of weights that are not trained are kept too, as they require gradients. */
  void holdsAll(boolean all) {
    holdsAll = all;
  }

  /** Keeps a copy where its weight requires a gradient; the reference stays the caller's. */
  void add(Parameter parameter, Tensor cast, int iterations) {
    if (parameter.trainable() || holdsAll) {
      parameter.cachedCast = cast;
      entries.add(new Entry(parameter, cast.hold(), iterations));
    }
  }

  /** The copy of a leaf, which stays the cache's; null where there is none. */
  @Nullable Tensor ofLeaf(Tensor leaf, DataType dtype) {
    return leaf == input && ofInput != null && ofInput.dtype == dtype ? ofInput : null;
  }

  /** Keeps the copy of an fp32 input that is a leaf; the reference stays the caller's. */
  void made(Tensor from, Tensor cast) {
    boolean eligible =
        from.dtype == DataType.FP32 && graph.autocast() && cast.dtype == graph.autocastDtype();
    if (eligible && ofInput == null && from.source instanceof Boundary it && it.isLeaf()) {
      input = from;
      ofInput = cast.hold();
    }
  }

  boolean holds(Tensor tensor) {
    for (Entry entry : entries) {
      if (entry.cast() == tensor) {
        return true;
      }
    }
    return false;
  }

  /** Equal layers that follow have copies of their own: the next use of a weight casts again. */
  void separate() {
    for (Entry entry : entries) {
      entry.parameter().cachedCast = null;
    }
  }

  /** Drops all copies, those of equal layers once for all of them. */
  void clear(boolean insideRepeat) {
    if (ofInput != null) {
      graph.release(ofInput);
      input = null;
      ofInput = null;
    }
    int begin = 0;
    while (begin < entries.size()) {
      int iterations = entries.get(begin).iterations();
      int end = begin + 1;
      while (end < entries.size() && entries.get(end).iterations() == iterations) {
        end++;
      }
      List<Entry> group = entries.subList(begin, end);
      if (insideRepeat) {
        drop(group);
      } else {
        graph.repeat(iterations, () -> drop(group));
      }
      begin = end;
    }
    entries.clear();
  }

  private void drop(List<Entry> group) {
    for (Entry entry : group) {
      graph.release(entry.cast());
      entry.parameter().cachedCast = null;
    }
  }
}
