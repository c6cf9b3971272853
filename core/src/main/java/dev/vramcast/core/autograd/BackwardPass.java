package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Operation;
import org.jspecify.annotations.Nullable;

/** Runs nodes in reverse order of creation, and frees what they saved. */
public final class BackwardPass {

  private static final Operation HOOK = Operation.of("register_hook");

  private BackwardPass() {}

  /** Runs the nodes that a gradient reaches; the others only let go of what they saved. */
  static void run(Graph graph, Recording segment) {
    boolean outer = graph.contexts().within(false);
    for (int i = segment.size() - 1; i >= 0; i--) {
      Node node = segment.get(i);
      if (node.reached()) {
        run(graph, node);
      }
      drop(graph, node);
    }
    graph.contexts().restore(outer);
  }

  private static void run(Graph graph, Node node) {
    graph.site().calls().gradient(node.module);
    boolean outer = graph.fusion().set(node.kernel != null);
    if (node.checkpoint != null && !node.checkpoint.recomputed()) {
      node.checkpoint.recompute(graph);
    }
    graph.site().set(node.module, node.operation.backward());
    HostCopies.bringBack(graph, node);
    computeGradients(graph, node);
    if (node.fitted) {
      // What came in and what was saved live until validate_outputs has made what goes out fit
      // (torch/csrc/autograd/engine.cpp); what a checkpoint gave back is the node's own.
      if (node.checkpoint != null) {
        letGo(graph, node);
      }
      fit(graph, node);
    }
    for (Tensor gradient : node.incoming) {
      if (gradient != null) {
        graph.release(gradient);
      }
    }
    drop(graph, node);
    if (graph.site().calls().addsNodes()) {
      send(graph, node, true);
    }
    send(graph, node, false);
    graph.fusion().set(outer);
  }

  private static void send(Graph graph, Node node, boolean toParametersAlone) {
    for (int i = 0; i < node.inputs.length; i++) {
      Tensor gradient = node.outgoing[i];
      if (gradient != null
          && !(toParametersAlone && !(node.inputs[i].source instanceof Parameter))) {
        node.outgoing[i] = null;
        graph.send(node.inputs[i], gradient);
      }
    }
  }

  private static void fit(Graph graph, Node node) {
    for (int i = 0; i < node.inputs.length; i++) {
      Tensor gradient = node.outgoing[i];
      if (gradient != null) {
        node.outgoing[i] = Pointwise.fitted(graph, gradient, node.inputs[i]);
      }
    }
  }

  private static void computeGradients(Graph graph, Node node) {
    if (node.kernel == Node.Kernel.FUSED) {
      graph.fusion().backward(node);
      return;
    }
    if (node.kernel != Node.Kernel.NONE) {
      graph.fusion().write(node.incoming);
      graph.fusion().write(node.saved);
    }
    node.backward.run(graph, node);
  }

  /** Frees what the nodes of a segment saved, without running it. */
  public static void drop(Graph graph, Recording segment) {
    for (int i = segment.size() - 1; i >= 0; i--) {
      drop(graph, segment.get(i));
    }
  }

  /** Frees what a node saved. */
  public static void drop(Graph graph, Node node) {
    letGo(graph, node);
    Node keeper = node.checkpoint == null ? null : node.checkpoint.keeperAfter(node);
    if (keeper != null) {
      drop(graph, keeper);
    }
  }

  private static void letGo(Graph graph, Node node) {
    dropFrom(graph, node, 0);
  }

  /** The same of what the node saved from the place {@code first} on, counted from 0. */
  public static void dropFrom(Graph graph, Node node, int first) {
    for (int i = first; i < node.saved.length; i++) {
      Tensor tensor = node.saved[i];
      if (tensor != null) {
        node.saved[i] = null;
        tensor.saved--;
        graph.freeIfUnused(tensor);
      }
    }
  }

  /** Adds two gradients, in place where the first belongs to nobody else. */
  static Tensor accumulate(Graph g, @Nullable Tensor first, Tensor second) {
    if (first == null) {
      return second;
    }
    if (first.ownedByOne()) {
      g.release(second);
      return first;
    }
    Tensor sum =
        g.allocate(
            Aten.ACCUMULATE,
            first.storage.name(),
            first.storage.category(),
            first.elements,
            first.dtype);
    sum.storage.like(first.storage);
    g.release(first, second);
    return sum;
  }

  /**
   * The same tensor, with something that happens when its gradient is there; takes over the
   * reference.
   */
  public static Tensor onArrival(Graph g, Tensor tensor, Runnable action) {
    Node node =
        g.node(
            HOOK,
            (graph, self) -> {
              action.run();
              self.outgoing[0] = self.gradient().hold();
            },
            tensor);
    return node == null ? tensor : g.withSource(tensor, node);
  }
}
