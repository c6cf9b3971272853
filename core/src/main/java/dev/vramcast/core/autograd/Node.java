package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
            ? Gradients.accumulate(graph, incoming[output], gradient)
            : graph.fusion().sum(incoming[output], gradient);
  }

  /**
   * What custom functions hold as attributes of their contexts in place of saving it: no checkpoint
   * packs it, and no backward pass frees it ({@code PyNode::release_variables} of
   * torch/csrc/autograd/python_function.cpp knows saved variables alone). It lives as long as the
   * graph, which a loop that still names the loss or the logits of one step keeps into the next.
   */
  public static final class Contexts {

    private final Graph graph;
    private final List<Held> held = new ArrayList<>();

    /** What the graph of the step before holds, while that is there. */
    private final List<Held> previous = new ArrayList<>();

    /** Seen in an earlier writing of the same step; empty in the first. */
    private List<Held> seen = List.of();

    private boolean lives;

    /** Whether the step, of which several passes may ask, has found what is left. */
    private boolean found;

    /**
     * A tensor.
     *
     * @param iterations how many equal layers hold one like it
     */
    public record Held(Tensor tensor, int iterations) {}

    Contexts(Graph graph) {
      this.graph = graph;
    }

    /** Holds a tensor on the context of a node; nothing where there is none. */
    public void hold(@Nullable Node node, Tensor tensor) {
      Replay again = graph.runningAgain();
      if (node == null || again != null && again.running()) {
        return;
      }
      node.save(tensor);
      if (lives && held.stream().noneMatch(each -> each.tensor.storage == tensor.storage)) {
        held.add(new Held(tensor.hold(), graph.iterations()));
      }
    }

    /** A graph of layers that run again for their backward pass ends with that. */
    boolean within(boolean living) {
      boolean before = lives;
      lives = living && before;
      return before;
    }

    void restore(boolean living) {
      lives = living;
    }

    /** The graph of a step begins; that of the one before is there where something names it. */
    public void begin() {
      lives = true;
      found = !held.isEmpty();
      previous.addAll(held);
      held.clear();
    }

    /**
     * The backward pass has run.
     *
     * @param named something of the graph is named until the next step has outputs
     */
    public void end(boolean named) {
      lives = false;
      if (!named) {
        release(held);
      }
    }

    /** What the graphs of the last step have held, for another writing of it. */
    public List<Held> all() {
      return List.copyOf(held);
    }

    /** The step has been written before, and this was found. */
    public void seen(List<Held> before) {
      seen = before;
    }

    /** What the step before has left. */
    public void findPrevious() {
      if (found) {
        return;
      }
      found = true;
      for (Held each : seen) {
        graph.repeat(each.iterations(), () -> previous.add(again(each)));
      }
    }

    private Held again(Held each) {
      Storage of = each.tensor.storage;
      Tensor tensor = graph.allocate(of.name(), of.category(), of.elements(), of.dtype());
      return new Held(tensor, each.iterations());
    }

    /** The step has outputs of its own, and nothing names those of the one before. */
    public void dropPrevious() {
      release(previous);
    }

    private void release(List<Held> tensors) {
      for (Held each : tensors) {
        graph.repeat(each.iterations(), () -> graph.release(each.tensor()));
      }
      tensors.clear();
    }
  }
}
