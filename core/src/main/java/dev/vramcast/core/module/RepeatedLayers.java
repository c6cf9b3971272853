package dev.vramcast.core.module;

import dev.vramcast.core.module.part.Trainable;
import java.util.List;

/**
 * Equal layers, built once.
 *
 * @param layers one iteration of the sequence that repeats
 * @param trainables their parameters that the optimizer updates
 */
public record RepeatedLayers(List<LayerModule> layers, int times, List<Trainable> trainables) {

  /** So many of them. */
  public RepeatedLayers of(int some) {
    return new RepeatedLayers(layers, some, trainables);
  }

  public boolean needsGradients() {
    return !trainables.isEmpty();
  }
}
