package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The trained parameters, and how many equal layers have one like each. */
public final class TrainedParameters {

  private final Graph graph;
  private final List<Entry> entries = new ArrayList<>();
  private boolean unread;

  private record Entry(Parameter parameter, int copies) {}

  public TrainedParameters(Graph graph) {
    this.graph = graph;
  }

  /** Remembers none of the parameters that {@code body} makes. */
  public <T> T unread(Supplier<T> body) {
    unread = true;
    T part = body.get();
    unread = false;
    return part;
  }

  /** Remembers a parameter that was just made, if it is trained. */
  public Parameter add(Parameter parameter) {
    if (parameter.trainable() && !unread) {
      entries.add(new Entry(parameter, graph.iterations()));
    }
    return parameter;
  }

  /** Gives each a gradient of its own dtype. */
  public void createGradients() {
    for (Entry e : entries) {
      graph.repeat(e.copies(), () -> e.parameter().createGradient(graph, e.parameter().dtype()));
    }
  }

  /** Gives each a gradient of one dtype. */
  public void createGradients(DataType dtype) {
    for (Entry e : entries) {
      graph.repeat(e.copies(), () -> e.parameter().createGradient(graph, dtype));
    }
  }

  /** Lets each wait for all of its gradients again. */
  public void expectAll() {
    entries.forEach(entry -> entry.parameter().expectAll());
  }

  /** Takes the gradient of each that one comes to, and frees it. */
  public void dropGradients() {
    for (Entry e : entries) {
      graph.repeat(
          e.copies(),
          () -> {
            Tensor gradient = e.parameter().takeGradient(graph);
            if (gradient != null) {
              graph.release(gradient);
            }
          });
    }
  }
}
