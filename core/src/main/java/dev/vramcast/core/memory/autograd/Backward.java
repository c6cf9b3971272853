package dev.vramcast.core.memory.autograd;

/** What a node does in the backward pass. */
@FunctionalInterface
interface Backward {

  /** Allocates the gradients of the node's inputs and puts them into {@link Node#outgoing}. */
  void run(Graph graph, Node node);
}
