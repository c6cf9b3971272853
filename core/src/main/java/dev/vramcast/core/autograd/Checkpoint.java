package dev.vramcast.core.autograd;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One checkpointed call (PyTorch's {@code _CheckpointFrame}): its nodes saved nothing; the first
 * one that needs its tensors in the backward pass runs the call again, up to the last saved tensor.
 */
public final class Checkpoint {

  private final Runnable forward;
  private final boolean autocast;

  /** Keeps the call's arguments. */
  private final Node keeper;

  private Node[] nodes = new Node[64];
  private int[] positions = new int[64];
  private int slots;
  private int refilled;
  private boolean recomputed;

  /** Results of costly operations, null where every operation runs again. */
  private final @Nullable ArrayDeque<Result> results;

  private int products;

  /**
   * A result that is kept.
   *
   * @param slots tensors to bring back that come before it
   */
  private record Result(Tensor tensor, int slots) {}

  /**
   * A call that ran and saved nothing.
   *
   * @param keeper keeps the call's arguments
   * @param selective results of costly operations are kept
   */
  public Checkpoint(Runnable forward, boolean autocast, Node keeper, boolean selective) {
    this.forward = forward;
    this.autocast = autocast;
    this.keeper = keeper;
    this.results = selective ? new ArrayDeque<>() : null;
  }

  /** Of matrix products every second one is left out. */
  private boolean keeps(boolean product) {
    return !product || ++products % 2 == 1;
  }

  /** Keeps a result of the first run. */
  void offer(Tensor result, boolean product) {
    if (results != null && keeps(product)) {
      results.add(new Result(result.hold(), slots));
    }
  }

  /** What the first run kept of this operation, null when it runs again. */
  @Nullable Tensor take(boolean product) {
    return results != null && keeps(product) ? results.remove().tensor() : null;
  }

  /** Lets go of results that come after all that has to be brought back. */
  public void dropUnneeded(Graph graph) {
    while (results != null && !results.isEmpty() && results.getLast().slots() == slots) {
      graph.release(results.removeLast().tensor());
    }
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

  /** Node that keeps the arguments where {@code node} was the last to need them, else null. */
  @Nullable Node keeperAfter(Node node) {
    return slots > 0 && nodes[0] == node ? keeper : null;
  }

  /** Whether autocast was on around the call. */
  boolean autocast() {
    return autocast;
  }

  public boolean isEmpty() {
    return slots == 0;
  }

  boolean recomputed() {
    return recomputed;
  }

  void recompute(Graph graph) {
    recomputed = true;
    products = 0;
    new Recomputation(this).run(graph, forward);
    dropUnneeded(graph);
  }
}
