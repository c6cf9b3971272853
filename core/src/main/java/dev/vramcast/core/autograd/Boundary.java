package dev.vramcast.core.autograd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where one segment of the model ends and the next begins: it keeps the gradient between them. */
public final class Boundary implements Tensor.GradientTarget {

  private final boolean leaf;

  /** Null until one comes. */
  private @Nullable Tensor gradient;

  /** A tensor inside one pass. */
  public Boundary() {
    this(false);
  }

  private Boundary(boolean leaf) {
    this.leaf = leaf;
  }

  /** In front of a pass of its own, whose input is a leaf. */
  public static Boundary ofLeaf() {
    return new Boundary(true);
  }

  /** Whether autocast keeps what it makes of the input, as it does of leaves alone. */
  boolean isLeaf() {
    return leaf;
  }

  /**
   * The same tensor as the input of a new segment: its gradient is kept here instead of flowing on.
   * Takes over the caller's reference.
   */
  public Tensor enter(Graph graph, Tensor tensor) {
    return begin(graph, tensor, tensor.requiresGrad());
  }

  /** As {@link #enter}, of what every iteration of a repeated section reads. */
  public Tensor enterAll(Graph graph, Tensor tensor) {
    tensor.storage.shared = true;
    return enter(graph, tensor);
  }

  /** As {@link #enterAll}, but the input needs a gradient whatever it came from. */
  public Tensor enterAllRequiringGrad(Graph graph, Tensor tensor) {
    tensor.storage.shared = true;
    return enterRequiringGrad(graph, tensor);
  }

  /** As {@link #enter}, but the input needs a gradient whatever it came from. */
  public Tensor enterRequiringGrad(Graph graph, Tensor tensor) {
    return begin(graph, tensor, true);
  }

  private Tensor begin(Graph graph, Tensor tensor, boolean requiresGrad) {
    Tensor inside = tensor.with(requiresGrad ? this : null, 0);
    graph.release(tensor);
    return inside;
  }

  @Override
  public void accept(Graph graph, int output, Tensor incoming) {
    gradient = BackwardPass.accumulate(graph, gradient, incoming);
  }

  /** The gradient as far as it has come, held once more; empty when none came. */
  public Optional<Tensor> held() {
    return Optional.ofNullable(gradient).map(Tensor::hold);
  }

  /** Hands the gradient over, or null when none came. */
  public @Nullable Tensor take() {
    Tensor result = gradient;
    gradient = null;
    return result;
  }
}
