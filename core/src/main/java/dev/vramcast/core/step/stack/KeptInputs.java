package dev.vramcast.core.step.stack;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Inputs of checkpointed layers, and their gradients, that outlive the layer's backward pass
 * because something still refers to them.
 */
final class KeptInputs {

  private final Graph graph;
  private final boolean keeps;
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Tensor tensor, int iterations) {}

  KeptInputs(Graph graph, boolean keeps) {
    this.graph = graph;
    this.keeps = keeps;
  }

  void add(Tensor tensor) {
    if (keeps) {
      entries.add(new Entry(tensor.hold(), graph.iterations()));
    }
  }

  /** Nothing refers to them any more. */
  void drop() {
    for (Entry entry : entries) {
      graph.repeat(entry.iterations(), () -> graph.release(entry.tensor()));
    }
    entries.clear();
  }
}
