package dev.vramcast.core.module;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.job.option.layer.CheckpointPlacement;
import dev.vramcast.core.module.part.Trainable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Equal layers, built once.
 *
 * @param layers one iteration of the sequence that repeats
 * @param trainables their parameters that the optimizer updates
 * @param checkpointed which of them have a checkpoint, where the job asks for any
 * @param again they run more than once, by the same weights
 */
public record RepeatedLayers(
    List<LayerModule> layers,
    int times,
    List<Trainable> trainables,
    List<Boolean> checkpointed,
    boolean again) {

  /** Layers that run once, and have checkpoints all. */
  public RepeatedLayers(List<LayerModule> layers, int times, List<Trainable> trainables) {
    this(layers, times, trainables, Collections.nCopies(layers.size(), true), false);
  }

  /** The same, the first of which has that number in the model. */
  RepeatedLayers from(int number, CheckpointPlacement which) {
    List<Boolean> has = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      has.add(which.has(number + i));
    }
    return new RepeatedLayers(layers, times, trainables, List.copyOf(has), again);
  }

  int count() {
    return layers.size() * times;
  }

  /** The same, as many times as given. */
  static List<RepeatedLayers> passes(List<RepeatedLayers> all, int passes) {
    if (passes == 1) {
      return all;
    }
    List<RepeatedLayers> result = new ArrayList<>();
    for (RepeatedLayers each : all) {
      each.trainables.forEach(t -> t.parameter().usedIn(passes));
    }
    for (int i = 0; i < passes; i++) {
      all.forEach(
          each ->
              result.add(
                  new RepeatedLayers(
                      each.layers, each.times, each.trainables, each.checkpointed, true)));
    }
    return result;
  }

  /** So many of them. */
  public RepeatedLayers of(int some) {
    return new RepeatedLayers(layers, some, trainables, checkpointed, again);
  }

  /** One of them, on its own. */
  public RepeatedLayers alone(int index) {
    return new RepeatedLayers(
        List.of(layers.get(index)), 1, trainables, List.of(checkpointed.get(index)), again);
  }

  /** Those that follow have weights of their own, of which nothing was cast yet. */
  public void separateCasts(Graph graph) {
    if (!again) {
      graph.separateCasts();
    }
  }

  /** Before their backward pass: those that ran so far have gradients of their own. */
  public void beginBackward(int piece, boolean separate) {
    for (Trainable each : again ? List.<Trainable>of() : trainables) {
      if (separate) {
        each.parameter().separateGradient();
      }
      each.parameter().recall(piece);
    }
  }

  /** After it. */
  public void endBackward(int piece) {
    if (!again) {
      trainables.forEach(each -> each.parameter().await(piece));
    }
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
