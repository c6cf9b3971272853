package dev.vramcast.core.architecture;

import java.util.ArrayList;
import java.util.List;

/** {@code times} repetitions of the same sequence of layers. */
public record LayerRun(List<DecoderLayer> period, int times) {

  public LayerRun {
    period = List.copyOf(period);
  }

  public int layerCount() {
    return period.size() * times;
  }

  /** The layers from {@code first} on, as many as {@code count}. */
  public static List<LayerRun> part(List<LayerRun> runs, int first, int count) {
    List<LayerRun> result = new ArrayList<>();
    int start = 0;
    for (LayerRun run : runs) {
      int from = Math.max(first, start) - start;
      int to = Math.min(first + count, start + run.layerCount()) - start;
      if (from < to) {
        cut(run.period(), from, to, result);
      }
      start += run.layerCount();
    }
    return result;
  }

  /**
   * The same layers in sequences of a multiple of so many, from the first on; what is left at the
   * end is one of its own.
   */
  public static List<LayerRun> inMultiples(List<LayerRun> runs, int many) {
    if (many == 1) {
      return runs;
    }
    List<DecoderLayer> all = new ArrayList<>();
    int period = many;
    for (LayerRun run : runs) {
      for (int i = 0; i < run.times(); i++) {
        all.addAll(run.period());
      }
      period = leastCommonMultiple(period, run.period().size());
    }
    List<LayerRun> result = new ArrayList<>();
    for (int from = 0; from < all.size(); from += period) {
      List<DecoderLayer> next = all.subList(from, Math.min(from + period, all.size()));
      LayerRun last = result.isEmpty() ? null : result.get(result.size() - 1);
      if (last != null && last.period().equals(next)) {
        result.set(result.size() - 1, new LayerRun(next, last.times() + 1));
      } else {
        result.add(new LayerRun(next, 1));
      }
    }
    return result;
  }

  private static int leastCommonMultiple(int one, int other) {
    int a = one;
    int b = other;
    while (b != 0) {
      int rest = a % b;
      a = b;
      b = rest;
    }
    return Math.multiplyExact(one / a, other);
  }

  /** Single layers up to where the sequence begins, whole sequences, and single layers again. */
  private static void cut(List<DecoderLayer> period, int from, int to, List<LayerRun> result) {
    int size = period.size();
    int position = from;
    while (position < to && position % size != 0) {
      result.add(new LayerRun(List.of(period.get(position % size)), 1));
      position++;
    }
    int whole = (to - position) / size;
    if (whole > 0) {
      result.add(new LayerRun(period, whole));
      position += whole * size;
    }
    while (position < to) {
      result.add(new LayerRun(List.of(period.get(position % size)), 1));
      position++;
    }
  }
}
