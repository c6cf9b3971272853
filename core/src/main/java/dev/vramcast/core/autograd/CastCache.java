package dev.vramcast.core.autograd;

import java.util.ArrayList;
import java.util.List;

/** Autocast's copies of weights that require gradients, which it keeps until it is left. */
final class CastCache {

  private final Graph graph;
  private final List<Entry> entries = new ArrayList<>();

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
