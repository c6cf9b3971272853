package dev.vramcast.core.module;

import dev.vramcast.core.architecture.LayerRun;
import java.util.ArrayList;
import java.util.List;

/**
 * Paths of the layers of runs that follow each other. Equal layers share one: {@code
 * model.layers.*} where all are equal, else {@code model.layers.3-60}, and with every how many of
 * them behind a slash where several kinds take turns: {@code model.layers.5-29/6}.
 */
public final class LayerPaths {

  private final String list;
  private final int count;
  private int position;

  /**
   * Those of a list.
   *
   * @param list its path
   * @param count of all layers
   */
  public LayerPaths(String list, int count) {
    this.list = list;
    this.count = count;
  }

  /** A path for each layer of the run's period. */
  public List<String> next(LayerRun run) {
    int period = run.period().size();
    List<String> paths = new ArrayList<>(period);
    for (int i = 0; i < period; i++) {
      paths.add(list + '.' + numbers(position + i, run.times(), period));
    }
    position += run.layerCount();
    return paths;
  }

  private String numbers(int first, int times, int step) {
    if (times == 1) {
      return Integer.toString(first);
    }
    int last = first + (times - 1) * step;
    if (step > 1) {
      return first + "-" + last + '/' + step;
    }
    return times == count ? "*" : first + "-" + last;
  }
}
