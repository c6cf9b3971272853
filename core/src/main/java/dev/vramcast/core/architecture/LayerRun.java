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
