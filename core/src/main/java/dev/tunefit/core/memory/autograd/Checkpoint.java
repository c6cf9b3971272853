package dev.tunefit.core.memory.autograd;

import java.util.Arrays;

/**
 * One checkpointed call (PyTorch's {@code _CheckpointFrame}): its nodes saved nothing; the first
 * one that needs its tensors in the backward pass runs the call again, up to the last saved tensor.
 */
final class Checkpoint {

  private final Runnable forward;
  private final boolean autocast;
  private Node[] nodes = new Node[64];
  private int[] positions = new int[64];
  private int slots;
  private int refilled;
  private boolean recomputed;

  Checkpoint(Runnable forward, boolean autocast) {
    this.forward = forward;
    this.autocast = autocast;
  }

  /** Leaves a place for what {@code node} would save. */
  void addSlot(Node node) {
    node.checkpoint = this;
    if (slots == nodes.length) {
      nodes = Arrays.copyOf(nodes, slots * 2);
      positions = Arrays.copyOf(positions, slots * 2);
    }
    nodes[slots] = node;
    positions[slots++] = node.reserve();
  }

  /** Puts a recomputed tensor into its place; true when it was the last one. */
  boolean refill(Tensor tensor) {
    tensor.saved++;
    nodes[refilled].saved[positions[refilled]] = tensor;
    return ++refilled == slots;
  }

  /** Whether autocast was on around the call. */
  boolean autocast() {
    return autocast;
  }

  boolean isEmpty() {
    return slots == 0;
  }

  boolean recomputed() {
    return recomputed;
  }

  void recompute(Graph graph) {
    recomputed = true;
    graph.recompute(this, forward);
  }
}
