package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import java.util.function.UnaryOperator;

/** Regions of the model that {@code torch.compile} made one graph of. */
public final class Compiled {

  private Compiled() {}

  /** Whether such a region runs. */
  public static boolean isRunning(Graph graph) {
    return graph.fusion().isOn();
  }

  /**
   * Runs such a region; its result is written to memory.
   *
   * @param input its reference is taken over
   * @param body takes over the reference to its input
   */
  public static Tensor region(Graph graph, Tensor input, UnaryOperator<Tensor> body) {
    boolean outer = graph.fusion().set(true);
    Tensor result = body.apply(input);
    graph.fusion().set(outer);
    graph.fusion().write(result);
    return result;
  }
}
