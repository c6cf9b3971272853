package dev.vramcast.core.memory.step;

import java.util.List;

/**
 * Equal layers, built once.
 *
 * @param layers one turn of the sequence that repeats
 * @param trainables their parameters that the optimizer updates
 */
record Stretch(List<LayerModule> layers, int times, List<Trainable> trainables) {

  boolean needsGradients() {
    return !trainables.isEmpty();
  }
}
