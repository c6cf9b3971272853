package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A node of the autograd graph: what an operation saved, and where its gradients go. */
public final class Node implements Tensor.GradientTarget {

  /** The module whose operation it is. */
  final ModuleScope module;

  final Operation operation;
  final Backward backward;

  /** Entries are null where an input is no tensor. */
  public final @Nullable Tensor[] inputs;

  public final Tensor[] outgoing;
  Tensor[] incoming = new Tensor[1];
  public Tensor[] saved = NOTHING;

  /**
   * Its gradients are summed over what was broadcast, and cast, when all of them are there and the
   * incoming one is gone (torch/csrc/autograd/engine.cpp validate_outputs).
   */
  public boolean fitted;

  /** The checkpoint whose recomputation brings the saved tensors back, if any. */
  @Nullable Checkpoint checkpoint;

  /** What kernel computes it where the region is compiled; null where it is not. */
  @Nullable Kernel kernel;

  /** What a node does in the backward pass. */
  @FunctionalInterface
  public interface Backward {

    /** Allocates the gradients of the node's inputs and puts them into {@link Node#outgoing}. */
    void run(Graph graph, Node node);
  }

  /** How an operation of a compiled region is computed. */
  public enum Kernel {
    /** By a kernel of its own. */
    OWN,
    /** By a kernel fused from it and its neighbours. */
    FUSED,
    /** By none: the result is a view. */
    NONE
  }

  /** What code that runs records beside what PyTorch's does now. */
  public enum Habit {
    /** A slice of all of a dimension is a node too. */
    WHOLE_SLICES,
    /** A product with a frozen weight saves its input, and makes a weight's gradient as it lies. */
    LINEAR_INPUTS
  }

  private static final Tensor[] NOTHING = {};

  Node(ModuleScope module, Operation operation, Backward backward, @Nullable Tensor... inputs) {
    this.module = module;
    this.operation = operation;
    this.backward = backward;
    this.inputs = inputs;
    this.outgoing = new Tensor[inputs.length];
  }

  /** Whether the gradient of an input is wanted. */
  public boolean wants(int input) {
    return inputs[input] != null && inputs[input].requiresGrad();
  }

  /** Saves a tensor for the backward pass. */
  void save(Tensor tensor) {
    int position = reserve();
    saved[position] = tensor;
    tensor.saved++;
  }

  /** Makes a place for one more saved tensor. */
  int reserve() {
    int position = saved.length;
    saved = Arrays.copyOf(saved, position + 1);
    return position;
  }

  public Tensor gradient() {
    return incoming[0];
  }

  boolean reached() {
    for (Tensor gradient : incoming) {
      if (gradient != null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void accept(Graph graph, int output, Tensor gradient) {
    if (output >= incoming.length) {
      incoming = Arrays.copyOf(incoming, output + 1);
    }
    incoming[output] =
        kernel == null
            ? BackwardPass.accumulate(graph, incoming[output], gradient)
            : graph.fusion().sum(incoming[output], gradient);
  }
}
