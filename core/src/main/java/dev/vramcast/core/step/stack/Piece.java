package dev.vramcast.core.step.stack;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.RouterScores;
import dev.vramcast.core.module.RepeatedLayers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Equal layers, or one iteration of them that differs, between two boundaries. */
final class Piece {

  private final RepeatedLayers layers;
  private final int times;
  private final Boundary boundary = new Boundary();
  private final List<Tensor> states = new ArrayList<>();
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<Tensor> caches = new ArrayList<>();
  private final List<Tensor> choices = new ArrayList<>();

  private final List<RouterScores.OfLayer> scores = new ArrayList<>();

  /** Both are null until it runs. */
  private @Nullable Recording recording;

  private @Nullable Tensor output;

  /** Nothing of it has run yet; it counts so many times. */
  Piece(RepeatedLayers layers, int times) {
    this.layers = layers;
    this.times = times;
  }

  RepeatedLayers layers() {
    return layers;
  }

  int times() {
    return times;
  }

  /** Where its input comes in, and the input's gradient out. */
  Boundary boundary() {
    return boundary;
  }

  void ran(Recording its) {
    recording = its;
  }

  void gave(Tensor result) {
    output = result;
  }

  /** What its forward pass recorded. */
  Recording recording() {
    return Objects.requireNonNull(recording);
  }

  /** What its last layer gave. */
  Tensor output() {
    return Objects.requireNonNull(output);
  }

  /** What the model names of what layers give. */
  List<Tensor> states() {
    return states;
  }

  /** What its layers were given, where the model returns that. */
  List<Tensor> inputs() {
    return inputs;
  }

  /** Keys and values that the model returns. */
  List<Tensor> caches() {
    return caches;
  }

  /** What checkpoints hold of chosen tokens. */
  List<Tensor> choices() {
    return choices;
  }

  /** Scores of experts that the model returns. */
  List<RouterScores.OfLayer> scores() {
    return scores;
  }

  /** Frees what each of the equal layers has of a kind. */
  void release(Graph graph, List<Tensor> kind) {
    if (!kind.isEmpty()) {
      graph.repeat(times, () -> kind.forEach(graph::release));
    }
  }
}
