package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;

/** A computation with gradients recorded whose result is then detached (DoRA's weight norm). */
public final class SideGraph implements AutoCloseable {

  private final Graph graph;

  private SideGraph(Graph graph) {
    this.graph = graph;
  }

  /** Runs {@code body}; what it saved lives until the side graph is closed. */
  public static SideGraph open(Graph graph, Runnable body) {
    graph.sideGraphs().open(body);
    return new SideGraph(graph);
  }

  @Override
  public void close() {
    graph.sideGraphs().close();
  }
}
