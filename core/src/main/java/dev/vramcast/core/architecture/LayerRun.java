package dev.vramcast.core.architecture;

import java.util.List;

/** {@code times} repetitions of the same sequence of layers. */
public record LayerRun(List<DecoderLayer> period, int times) {

  public LayerRun {
    period = List.copyOf(period);
  }

  public int layerCount() {
    return period.size() * times;
  }
}
