package dev.vramcast.core.autograd;

/** Something a gradient is sent to: a node of the graph, or a parameter. */
interface GradientTarget {

  /** Takes over {@code gradient}, of the given output. */
  void accept(Graph graph, int output, Tensor gradient);
}
