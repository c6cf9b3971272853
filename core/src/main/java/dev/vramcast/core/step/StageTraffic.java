package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a stage of a pipeline is sent. Before PyTorch 2.15 there is a buffer for every micro-batch,
 * which stays, and what is sent on is held until its gradient has come; since then a buffer is made
 * for what is about to come, and what is sent on goes once it has left
 * (torch/distributed/pipelining/stage.py, _RecvInfo).
 */
final class StageTraffic {

  private static final String STAGE = "torch/distributed/pipelining/stage.py ";

  private static final Operation RECEIVE =
      Operation.of("c10d::recv_", STAGE + "get_fwd_recv_ops, get_bwd_recv_ops");

  private final Graph graph;
  private final boolean permanent;
  private final List<Tensor> own = new ArrayList<>();
  private final List<Copies> others = new ArrayList<>();

  /** Equal tensors of micro-batches that are not written one by one. */
  record Copies(int count, Tensor tensor) {

    static Copies of(Graph graph, int count, Supplier<Tensor> tensor) {
      return new Copies(count, graph.repeat(count, tensor));
    }

    void release(Graph graph) {
      graph.repeat(count, () -> graph.release(tensor));
    }
  }

  StageTraffic(Graph graph, StepSettings settings) {
    this.graph = graph;
    this.permanent = !settings.job().framework().torch().atLeast(2, 15);
  }

  /** Whether what is sent on is held until its backward pass. */
  boolean holdsSent() {
    return permanent;
  }

  /**
   * Writes the buffers that are not written one by one: those of micro-batches that are not in
   * flight, and of gradients all but that of the backward pass that runs.
   */
  void others(Resident stage, int microBatches, int inFlight) {
    int count = microBatches - inFlight;
    if (!permanent) {
      return;
    }
    if (!stage.model().embeds() && count > 0) {
      others.add(
          Copies.of(graph, count, () -> buffer(stage, "hidden states", Category.ACTIVATIONS)));
    }
    if (!stage.model().ends() && microBatches > 1) {
      others.add(Copies.of(graph, microBatches - 1, () -> gradient(stage)));
    }
  }

  /** Hidden states of a micro-batch from the stage before. */
  Tensor hidden(Resident stage) {
    Tensor buffer = buffer(stage, "hidden states", Category.ACTIVATIONS);
    if (permanent) {
      own.add(buffer.hold());
    }
    return buffer;
  }

  /** Their gradients from the stage behind. */
  Tensor gradient(Resident stage) {
    return buffer(stage, "gradients", Category.COMMUNICATION);
  }

  /** Lets go of all buffers, which last as long as the pipeline does. */
  void end() {
    own.forEach(graph::release);
    own.clear();
    others.forEach(each -> each.release(graph));
    others.clear();
  }

  private Tensor buffer(Resident stage, String name, Category category) {
    StepSettings settings = stage.settings();
    long tokens = settings.tokens() / settings.sequenceSplit().degrees();
    return graph.allocate(
        RECEIVE,
        name,
        category,
        tokens * stage.architecture().hiddenSize(),
        settings.computeDtype());
  }
}
