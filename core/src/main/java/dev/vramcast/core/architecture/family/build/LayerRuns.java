package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Writes a sequence of layers as few runs of repeated layers. */
public final class LayerRuns {

  private static final int MAX_PERIOD = 64;

  private LayerRuns() {}

  /**
   * From the first layer on, takes the run that covers the most layers, the shortest period among
   * equals; what does not repeat becomes a run of its own.
   */
  public static List<LayerRun> compress(List<DecoderLayer> layers) {
    int[] kinds = kinds(layers);
    List<LayerRun> runs = new ArrayList<>();
    int start = 0;
    while (start < kinds.length) {
      int period = 1;
      int times = 1;
      for (int candidate = 1; candidate <= MAX_PERIOD; candidate++) {
        int repeats = repeats(kinds, start, candidate);
        if (repeats > 1 && repeats * candidate > times * period) {
          period = candidate;
          times = repeats;
        }
      }
      runs.add(new LayerRun(layers.subList(start, start + period), times));
      start += period * times;
    }
    return runs;
  }

  private static int repeats(int[] kinds, int start, int period) {
    int end = start + period;
    while (end < kinds.length && kinds[end] == kinds[end - period]) {
      end++;
    }
    return (Math.min(end, kinds.length) - start) / period;
  }

  /**
   * Numbers the layers so that equal ones have the same number. There are few kinds, and most
   * layers are the same object, so that comparing is cheaper than hashing.
   */
  private static int[] kinds(List<DecoderLayer> layers) {
    List<DecoderLayer> known = new ArrayList<>();
    int[] kinds = new int[layers.size()];
    for (int i = 0; i < kinds.length; i++) {
      DecoderLayer layer = layers.get(i);
      int kind = 0;
      while (kind < known.size() && !Objects.equals(known.get(kind), layer)) {
        kind++;
      }
      if (kind == known.size()) {
        known.add(layer);
      }
      kinds[i] = kind;
    }
    return kinds;
  }
}
