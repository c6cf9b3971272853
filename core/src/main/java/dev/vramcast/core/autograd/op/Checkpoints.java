package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Checkpoint;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.HostCopies;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Activation checkpointing of one call ({@code torch.utils.checkpoint}): the forward pass keeps
 * only the input, the backward pass runs the call again.
 */
public final class Checkpoints {

  private static final Operation CHECKPOINT =
      Operation.of("CheckpointFunction", "torch/utils/checkpoint.py CheckpointFunction");

  private static final Operation PACKED =
      Operation.of("checkpoint", "torch/utils/checkpoint.py _checkpoint_without_reentrant");

  private Checkpoints() {}

  /**
   * {@code use_reentrant=False}: every saved tensor is replaced by a place to put it; the first
   * node that needs one runs the call again, up to the last.
   *
   * @param call takes over the reference to its input
   * @param input its reference is taken over
   */
  public static Tensor nonReentrant(Graph graph, Tensor input, UnaryOperator<Tensor> call) {
    return packed(graph, input, call, false, false);
  }

  /**
   * As {@link #nonReentrant}, but results of attention kernels and of every second matrix product
   * are kept and not computed again (torchtitan/distributed/activation_checkpoint.py SelectiveAC).
   *
   * @param compiled results that no backward pass asks for are not kept
   */
  public static Tensor selective(
      Graph graph, Tensor input, UnaryOperator<Tensor> call, boolean compiled) {
    return packed(graph, input, call, true, compiled);
  }

  private static Tensor packed(
      Graph graph, Tensor input, UnaryOperator<Tensor> call, boolean selective, boolean compiled) {
    if (!graph.gradEnabled()) {
      return call.apply(input);
    }
    Node keeper = graph.newNode(PACKED, (g, node) -> {});
    Checkpoint checkpoint =
        new Checkpoint(
            () -> graph.release(call.apply(HostCopies.again(graph, keeper, input))),
            graph.autocast(),
            keeper,
            selective);
    graph.recording().add(keeper);
    graph.saveWhereKept(keeper, input);
    Tensor result = graph.pack(checkpoint, () -> call.apply(input));
    if (compiled) {
      checkpoint.dropUnneeded(graph);
    }
    if (checkpoint.isEmpty()) {
      BackwardPass.drop(graph, keeper);
    }
    return result;
  }

  /**
   * {@code use_reentrant=True}: the call is one node, whose backward pass is a pass of its own.
   * Zeros are made for weights that it has returned beside its result, of which no gradient comes
   * (torch/csrc/autograd/python_function.cpp, {@code materialize_grads}), and handed to the pass.
   *
   * @param beside the weights; null for none
   * @param leaf what becomes of the input that the call runs on again, and of its gradient; they
   *     are the caller's to hold
   */
  public static Tensor reentrant(
      Graph graph,
      Tensor input,
      UnaryOperator<Tensor> call,
      Consumer<Tensor> leaf,
      @Nullable NamedWeights beside) {
    if (!graph.gradEnabled()) {
      return call.apply(input);
    }
    boolean autocast = graph.autocast();
    Node.Backward again =
        (g, self) -> {
          NamedWeights.Size size = beside == null ? null : beside.returned();
          if (beside == null || size == null) {
            runAgain(g, self, call, autocast, leaf);
            return;
          }
          Tensor zeros =
              g.allocate(
                  Aten.ZEROS,
                  "gradients of activations",
                  Category.TEMPORARIES,
                  size.elements(),
                  size.dtype());
          beside.startAgain();
          Tensor returned =
              runAgain(g, self, call, autocast, leaf, () -> sentBack(g, beside, zeros));
          // CheckpointFunction.backward has names for both.
          if (returned != null) {
            g.release(returned);
          }
          g.release(zeros);
        };
    Node node = graph.node(CHECKPOINT, again, input);
    graph.save(node, input);
    return graph.withSource(graph.withoutGrad(() -> call.apply(input)), node);
  }

  /** The weights that the call has returned again, to which zeros are sent; null for none. */
  private static @Nullable Tensor sentBack(Graph graph, NamedWeights beside, Tensor zeros) {
    Tensor returned = beside.takeAgain();
    if (returned != null) {
      graph.send(returned, zeros.hold());
    }
    return returned;
  }

  /** As above, of a call that returns its result alone. */
  public static Tensor reentrant(
      Graph graph, Tensor input, UnaryOperator<Tensor> call, Consumer<Tensor> leaf) {
    return reentrant(graph, input, call, leaf, null);
  }

  /**
   * As {@link #reentrant}, with the input in host memory between the passes (Unsloth's and TRL's
   * offloaded checkpointing).
   */
  public static Tensor offloaded(
      Graph graph, Tensor input, UnaryOperator<Tensor> call, Consumer<Tensor> leaf) {
    if (!graph.gradEnabled()) {
      return call.apply(input);
    }
    boolean autocast = graph.autocast();
    Node node = graph.node(CHECKPOINT, (g, self) -> runAgain(g, self, call, autocast, leaf), input);
    if (node != null) {
      HostCopies.saveCopy(graph, node, input);
    }
    return graph.withSource(graph.withoutGrad(() -> call.apply(input)), node);
  }

  private static void runAgain(
      Graph graph, Node node, UnaryOperator<Tensor> call, boolean autocast, Consumer<Tensor> leaf) {
    runAgain(graph, node, call, autocast, leaf, () -> null);
  }

  /**
   * The backward pass of a node whose call runs again.
   *
   * @param beside what else a gradient is sent to before the pass begins
   * @return what that gives; the caller's
   */
  private static @Nullable Tensor runAgain(
      Graph graph,
      Node node,
      UnaryOperator<Tensor> call,
      boolean autocast,
      Consumer<Tensor> leaf,
      Supplier<@Nullable Tensor> beside) {
    Boundary boundary = Boundary.ofLeaf();
    Tensor detached = boundary.enterRequiringGrad(graph, node.saved[0].hold());
    Recording.Of<Tensor> again = graph.withGrad(autocast, () -> call.apply(detached.hold()));
    graph.send(again.result(), node.gradient().hold());
    Tensor sent = beside.get();
    graph.backward(again.recording());
    graph.release(again.result());
    Tensor gradient = boundary.take();
    leaf.accept(detached);
    if (gradient != null) {
      leaf.accept(gradient);
    }
    graph.release(detached);
    node.outgoing[0] = gradient;
    return sent;
  }
}
