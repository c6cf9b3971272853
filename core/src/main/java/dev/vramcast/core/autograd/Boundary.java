package dev.vramcast.core.autograd;

/** Where one stretch of the model ends and the next begins: it keeps the gradient between them. */
public final class Boundary implements GradientTarget {

  private Tensor gradient;

  @Override
  public void accept(Graph graph, int output, Tensor incoming) {
    gradient = Gradients.accumulate(graph, gradient, incoming);
  }

  /** Hands the gradient over, or null when none came. */
  public Tensor take() {
    Tensor result = gradient;
    gradient = null;
    return result;
  }
}
