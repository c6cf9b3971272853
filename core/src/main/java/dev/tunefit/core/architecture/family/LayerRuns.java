package dev.tunefit.core.architecture.family;

import dev.tunefit.core.architecture.DecoderLayer;
import dev.tunefit.core.architecture.LayerRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a sequence of layers as few runs of repeated layers. */
final class LayerRuns {

  private static final int MAX_PERIOD = 64;

  private LayerRuns() {}

  /**
   * From the first layer on, takes the run that covers the most layers, the shortest period among
   * equals; what does not repeat becomes a run of its own.
   */
  static List<LayerRun> compress(List<DecoderLayer> layers) {
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

  private static int[] kinds(List<DecoderLayer> layers) {
    Map<DecoderLayer, Integer> numbers = new HashMap<>();
    return layers.stream()
        .mapToInt(
            layer -> {
              Integer number = numbers.putIfAbsent(layer, numbers.size());
              return number == null ? numbers.size() - 1 : number;
            })
        .toArray();
  }
}
