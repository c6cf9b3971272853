package dev.vramcast.core.step.stack;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.RepeatedLayers;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Layers of a tower up to a branch, to what runs between layers, or to their end. */
final class Segment {

  private final Graph graph;
  private final LayerStack layers;

  /** Where the next segment and the branch begin. */
  private final Boundary end = new Boundary();

  private final Boundary afterBranch = new Boundary();

  /** What runs between this segment and the next, and its result; null where nothing does. */
  private @Nullable Recording between;

  private @Nullable Tensor passed;

  /** These are null where there is no branch. */
  private @Nullable Tensor output;

  private @Nullable Recording branch;
  private @Nullable Tensor features;
  private @Nullable Tensor given;

  Segment(Graph graph, LayerStack layers) {
    this.graph = graph;
    this.layers = layers;
  }

  /** What the layers give; takes over {@code hidden}. */
  Tensor forward(List<RepeatedLayers> its, Tensor hidden) {
    return layers.forward(its, hidden);
  }

  /** What {@code change} makes for the next segment of what the layers gave. */
  Tensor passOn(Tensor hidden, UnaryOperator<Tensor> change) {
    Tensor input = end.enter(graph, hidden);
    between = graph.record(() -> passed = change.apply(input));
    return Objects.requireNonNull(passed);
  }

  /** Makes features beside what goes on to the next segment, which is returned. */
  Tensor branchOff(Tensor hidden, UnaryOperator<Tensor> beside) {
    Tensor shared = end.enter(graph, hidden);
    output = shared;
    branch = graph.record(() -> features = beside.apply(shared));
    given = afterBranch.enter(graph, Objects.requireNonNull(features));
    return shared;
  }

  /** The features of its branch, which stay its own. */
  Optional<Tensor> given() {
    return Optional.ofNullable(given);
  }

  /** Nobody reads its features any more. */
  void dropFeatures() {
    if (given != null) {
      graph.release(given);
      given = null;
    }
  }

  /**
   * The gradient of what goes into the layers; null where none is needed.
   *
   * @param ofNext that of what went on to the next segment, which it takes over
   * @param summed the language model looks at the features, whose gradient comes first
   */
  @Nullable Tensor backward(@Nullable Tensor ofNext, boolean summed) {
    Tensor current = ofNext;
    if (between != null) {
      current = backwardBetween(between, ofNext);
    } else if (branch != null) {
      current = summed ? sum(ofNext) : joined(branch, ofNext);
    }
    return current == null ? null : layers.backward(current);
  }

  private @Nullable Tensor backwardBetween(Recording run, @Nullable Tensor gradient) {
    if (gradient == null) {
      return null;
    }
    graph.send(Objects.requireNonNull(passed), gradient);
    graph.backward(run);
    return end.take();
  }

  /** What came first from the tower's result, and what comes back from the next segment. */
  private @Nullable Tensor sum(@Nullable Tensor ofNext) {
    Tensor ofResult = afterBranch.take();
    if (ofResult != null) {
      end.accept(graph, 0, ofResult);
    }
    if (ofNext != null) {
      end.accept(graph, 0, ofNext);
    }
    return end.take();
  }

  /** The sum of what comes back from the next segment and from the branch. */
  private @Nullable Tensor joined(Recording beside, @Nullable Tensor ofNext) {
    Tensor ofFeatures = afterBranch.take();
    if (ofNext != null && Objects.requireNonNull(output).requiresGrad()) {
      end.accept(graph, 0, ofNext);
    } else if (ofNext != null) {
      graph.release(ofNext);
    }
    if (ofFeatures != null) {
      graph.send(Objects.requireNonNull(features), ofFeatures);
      graph.backward(beside);
    }
    return end.take();
  }

  /** The backward pass of the whole model has run. */
  void dropInputs() {
    layers.dropInputs();
  }
}
