package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import java.util.function.Supplier;

/** A computation with gradients recorded whose result is then detached (DoRA's weight norm). */
public final class SideGraph<T> implements AutoCloseable {

  private final Graph graph;
  private final T result;

  private SideGraph(Graph graph, T result) {
    this.graph = graph;
    this.result = result;
  }

  /** Runs {@code body}; what it saved lives until the side graph is closed. */
  public static <T> SideGraph<T> open(Graph graph, Supplier<T> body) {
    return new SideGraph<>(graph, graph.sideGraphs().open(body));
  }

  /** What the computation gave. */
  public T result() {
    return result;
  }

  @Override
  public void close() {
    graph.sideGraphs().close();
  }
}
