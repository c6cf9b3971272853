package dev.vramcast.core.module;

import dev.vramcast.core.module.part.Trainable;
import java.util.ArrayList;
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

  /** One of them, on its own. */
  public RepeatedLayers alone(int index) {
    return new RepeatedLayers(List.of(layers.get(index)), 1, trainables);
  }

  public boolean needsGradients() {
    return !trainables.isEmpty();
  }

  /** The same in segments that end after so many of them, the last one with the last. */
  List<List<RepeatedLayers>> divided(List<Integer> ends) {
    List<List<RepeatedLayers>> segments = new ArrayList<>();
    int before = 0;
    for (int end : ends) {
      segments.add(segment(before, end));
      before = end;
    }
    segments.add(segment(before, times));
    return segments;
  }

  /** A branch holds what the first layer behind it reads, so that one stands alone. */
  private List<RepeatedLayers> segment(int from, int to) {
    int count = to - from;
    if (count == 0) {
      return List.of();
    }
    return from == 0 || count == 1 ? List.of(of(count)) : List.of(of(1), of(count - 1));
  }
}
