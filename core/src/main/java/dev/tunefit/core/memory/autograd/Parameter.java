package dev.tunefit.core.memory.autograd;

import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.units.DataType;

/** A model parameter: it lives through the whole step, and its gradient outlives the graph. */
public final class Parameter implements GradientTarget {

  private final Tensor value;
  private final boolean trainable;

  /** Uses in the forward pass whose gradients have to come together first (tied weights). */
  private final int uses;

  private int arrived;
  private Tensor pending;
  private Tensor gradient;

  /** An autocast copy that the cache holds. */
  Tensor cachedCast;

  Parameter(Storage storage, boolean trainable, int uses) {
    this.trainable = trainable;
    this.uses = uses;
    this.value =
        new Tensor(storage, storage.dtype(), storage.elements(), trainable ? this : null, 0, null);
  }

  public Tensor value() {
    return value;
  }

  public DataType dtype() {
    return value.dtype;
  }

  public long elements() {
    return value.elements;
  }

  public boolean trainable() {
    return trainable;
  }

  /** The gradient, or null while there is none. */
  public Tensor gradient() {
    return gradient;
  }

  /** Gives the parameter a gradient left by an earlier micro-batch. */
  public void createGradient(Graph graph) {
    gradient = graph.allocate("gradient", Category.GRADIENTS, value.elements, value.dtype);
  }

  /** Equal layers that follow have gradients of their own: the next one is born again. */
  public void separateGradient() {
    gradient = null;
  }

  @Override
  public void accept(Graph graph, int output, Tensor incoming) {
    pending = graph.accumulate(pending, incoming);
    if (++arrived < uses) {
      return;
    }
    arrived = 0;
    if (graph.stepsInBackward()) {
      graph.release(pending);
    } else {
      gradient = graph.accumulate(gradient, pending);
    }
    pending = null;
  }
}
