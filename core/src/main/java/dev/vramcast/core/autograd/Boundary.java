package dev.vramcast.core.autograd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where one segment of the model ends and the next begins: it keeps the gradient between them. */
public final class Boundary implements Tensor.GradientTarget {

  /** Null until one comes. */
  private @Nullable Tensor gradient;

  @Override
  public void accept(Graph graph, int output, Tensor incoming) {
    gradient = Gradients.accumulate(graph, gradient, incoming);
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
