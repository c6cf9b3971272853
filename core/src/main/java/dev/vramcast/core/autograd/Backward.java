package dev.vramcast.core.autograd;

/** What a node does in the backward pass. */
@FunctionalInterface
public interface Backward {

  /** Allocates the gradients of the node's inputs and puts them into {@link Node#outgoing}. */
  void run(Graph graph, Node node);
}
