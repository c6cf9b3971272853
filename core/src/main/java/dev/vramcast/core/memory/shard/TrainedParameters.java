package dev.vramcast.core.memory.shard;

import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Parameter;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/** The trained parameters, and how many equal layers have one like each. */
final class TrainedParameters {

  private final Graph graph;
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Parameter parameter, int copies) {}

  TrainedParameters(Graph graph) {
    this.graph = graph;
  }

  /** Remembers a parameter that was just made, if it is trained. */
  Parameter add(Parameter parameter) {
    if (parameter.trainable()) {
      entries.add(new Entry(parameter, graph.turns()));
    }
    return parameter;
  }

  /** Gives each a gradient of its own dtype. */
  void createGradients() {
    for (Entry e : entries) {
      graph.repeat(e.copies(), () -> e.parameter().createGradient(graph, e.parameter().dtype()));
    }
  }

  /** Gives each a gradient of one dtype. */
  void createGradients(DataType dtype) {
    for (Entry e : entries) {
      graph.repeat(e.copies(), () -> e.parameter().createGradient(graph, dtype));
    }
  }

  /** Takes the gradient of each and frees it. */
  void dropGradients() {
    for (Entry e : entries) {
      graph.repeat(e.copies(), () -> graph.release(e.parameter().takeGradient(graph)));
    }
  }
}
