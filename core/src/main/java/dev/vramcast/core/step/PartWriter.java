package dev.vramcast.core.step;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.module.LayerInputs;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.module.part.SharedInputsFactory;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.step.stack.LayerStack;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs one micro-batch through a stage of a pipeline: forward, and then backward
 * (torch/distributed/pipelining/stage.py, forward_one_chunk and backward_one_chunk).
 */
final class PartWriter {

  private final Graph graph;
  private final Resident resident;
  private final LoadedModel model;
  private final StepSettings settings;
  private final Pass pass;
  private final StageTraffic traffic;
  private final ReturnedOutputs outputs;
  private final @Nullable HeadWriter head;
  private final @Nullable InputLeaf leaf;
  private final Boundary received = new Boundary();
  private final Boundary afterLayers = new Boundary();

  /** What the forward pass leaves for the backward pass; null until it has run. */
  private @Nullable Recording embedding;

  private @Nullable Tensor embedded;
  private @Nullable SharedInputs shared;
  private @Nullable LayerInputs layerInputs;
  private @Nullable LayerStack stack;
  private @Nullable Recording norm;
  private @Nullable Tensor normalised;

  /** What the stage has been sent; null of one that begins with token ids. */
  private @Nullable Tensor input;

  /** What the stage holds of its result; null where nothing does. */
  private @Nullable Tensor result;

  PartWriter(Graph graph, Resident resident, Pass pass, StageTraffic traffic) {
    this.graph = graph;
    this.resident = resident;
    this.model = resident.model();
    this.settings = resident.settings();
    this.pass = pass;
    this.traffic = traffic;
    this.outputs = new ReturnedOutputs(graph, resident);
    this.leaf = resident.inputLeaf(pass);
    ReturnedOutputs.OfLoop loop = new ReturnedOutputs.OfLoop(graph, resident, pass);
    this.head = model.ends() ? new HeadWriter(graph, resident, pass, outputs, loop) : null;
  }

  /** From token ids or what the stage before has sent to the loss or what is sent on. */
  void forward(Tensor ids) {
    resident.run(pass);
    graph.phase(Phase.FORWARD_LAYERS);
    if (settings.autocast()) {
      graph.enterAutocast(settings.computeDtype());
    }
    resident.sharding().beforeForward();
    Tensor hidden = throughLayers(ids);
    if (head == null) {
      resident.sharding().afterForward();
      result = traffic.holdsSent() ? hidden.hold() : null;
      graph.release(hidden);
    } else {
      graph.phase(Phase.FORWARD_HEAD);
      Tensor kept = hidden.hold();
      head.forward(hidden);
      outputs.take(head.logits(), true, List.of());
      result = head.logits().isEmpty() ? kept : null;
      if (result == null) {
        graph.release(kept);
      }
      head.dropResult();
    }
    if (graph.autocast()) {
      graph.leaveAutocast();
    }
    made(stack).dropCaches();
  }

  private Tensor throughLayers(Tensor ids) {
    Tensor first = model.embeds() ? embed(ids) : receive();
    SharedInputs inputs =
        new SharedInputsFactory(graph, settings, first.dtype()).create(resident.architecture());
    shared = inputs;
    layerInputs = LayerInputs.of(inputs, settings);
    LayerStack layers = new LayerStack(graph, settings, made(layerInputs), resident.sharding());
    stack = layers;
    if (input != null || resident.keepsInputLeaf(leaf)) {
      layers.keepInput();
    }
    Tensor hidden = layers.forward(model.layers(), first);
    if (!runsAgain()) {
      inputs.release(graph);
    }
    if (head == null) {
      layers.endLoop();
      return hidden;
    }
    Tensor last = afterLayers.enter(graph, hidden);
    norm = graph.record(() -> normalised = resident.ended(graph, last));
    layers.endLoop();
    return made(normalised);
  }

  private Tensor embed(Tensor ids) {
    embedding = graph.record(() -> embedded = resident.embedded(graph, ids, leaf));
    return made(embedded);
  }

  private Tensor receive() {
    Tensor sent = traffic.hidden(resident);
    input = sent.hold();
    return received.enterRequiringGrad(graph, sent);
  }

  /** From the loss or what the stage behind has sent to what is sent back. */
  private void backward() {
    resident.run(pass);
    Tensor gradient = head == null ? traffic.gradient(resident) : throughHead(head);
    graph.phase(Phase.BACKWARD_LAYERS);
    Tensor first = gradient == null ? null : made(stack).backward(gradient);
    if (runsAgain()) {
      made(layerInputs).release(graph);
    }
    if (first != null) {
      sendBack(first);
    }
    resident.sharding().afterBackward();
    dropInputs();
  }

  private @Nullable Tensor throughHead(HeadWriter last) {
    graph.phase(Phase.BACKWARD_HEAD);
    Tensor ofStates = last.backward(null);
    graph.phase(Phase.BACKWARD_LAYERS);
    if (ofStates == null) {
      return null;
    }
    graph.send(made(normalised), ofStates);
    graph.backward(made(norm));
    return afterLayers.take();
  }

  private void sendBack(Tensor first) {
    Tensor table = embedded;
    if (table == null || !table.requiresGrad()) {
      graph.release(first);
      return;
    }
    graph.send(table, first);
    graph.backward(made(embedding));
  }

  /** The backward pass, and then what becomes of the outputs of the last stage. */
  void run(Consumer<List<Tensor>> done) {
    backward();
    done.accept(takeOutputs());
  }

  /** Frees what it left for a backward pass, which is not written. */
  void abandon() {
    if (head != null) {
      head.abandon();
    }
    for (Recording part : Stream.of(norm, embedding).filter(Objects::nonNull).toList()) {
      BackwardPass.drop(graph, part);
    }
    made(stack).drop();
    if (runsAgain()) {
      made(layerInputs).release(graph);
    }
    dropInputs();
  }

  private void dropInputs() {
    made(stack).dropInputs();
    if (leaf != null) {
      leaf.release(graph);
    }
    made(shared).end(graph);
    drop(input);
    if (head == null) {
      drop(result);
    }
  }

  private boolean runsAgain() {
    return settings.job().checkpointing() != Checkpointing.NONE;
  }

  private void drop(@Nullable Tensor tensor) {
    if (tensor != null) {
      graph.release(tensor);
    }
  }

  /** The outputs of the last stage, which are the caller's from now on. */
  List<Tensor> takeOutputs() {
    List<Tensor> taken = outputs.hand();
    return head == null || result == null ? taken : List.of(result);
  }

  private static <T> T made(@Nullable T part) {
    return Objects.requireNonNull(part);
  }
}
