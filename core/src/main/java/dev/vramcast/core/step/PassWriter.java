package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.module.head.HeadAndLoss;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** Runs one model once: forward, and where there is a graph, backward. */
final class PassWriter {

  private static final String OUTPUTS_CODE = "accelerate/utils/operations.py ConvertOutputsToFp32";

  private static final ModuleScope OUTPUTS = ModuleScope.outside("outputs", OUTPUTS_CODE);

  private static final Operation WIDENED = Operation.of("aten::_to_copy", OUTPUTS_CODE);

  private static final Operation SEED =
      Operation.of("aten::ones_like", "torch/autograd/__init__.py _make_grads");

  private final Graph graph;
  private final Resident resident;
  private final LoadedModel model;
  private final ResolvedJob job;
  private final StepSettings settings;
  private final Sharding sharding;
  private final Pass pass;
  private final Tensor ids;
  private final InputLeaf leaf;
  private final Boundary afterLayers = new Boundary();
  private final Boundary beforeHead = new Boundary();
  private Tensor previous;
  private Recording embedding;
  private Tensor embedded;
  private SharedInputs shared;
  private LayerStack stack;
  private Recording norm;
  private Tensor normalised;
  private Recording head;
  private HeadAndLoss.Output output;

  /** Nothing has run yet; {@code ids} are the tokens of the pass's batch. */
  PassWriter(Graph graph, Resident resident, Pass pass, Tensor ids) {
    this.graph = graph;
    this.resident = resident;
    this.model = resident.model();
    this.settings = resident.settings();
    this.job = settings.job();
    this.sharding = resident.sharding();
    this.pass = pass;
    this.ids = ids;
    boolean leafNeeded = pass.graph() && job.inputsRequireGrad() && !model.embedding().trains();
    this.leaf = leafNeeded ? new InputLeaf() : null;
  }

  /** From token ids to the loss. Without a graph nothing but the loss is left behind. */
  void forward() {
    resident.run(pass.batch());
    if (pass.graph()) {
      previous = settings.findsOldLogits() ? previousOutputs() : null;
      run();
    } else {
      graph.withoutGrad(this::run);
    }
  }

  private void run() {
    graph.phase(Phase.FORWARD_LAYERS);
    if (settings.autocast()) {
      graph.enterAutocast(settings.computeDtype());
    }
    graph.offloadSaved(job.parallelism().offload().contains(OffloadTarget.ACTIVATIONS));
    sharding.beforeForward();
    throughHead(throughLayers());
    graph.offloadSaved(false);
    if (settings.autocast()) {
      graph.leaveAutocast();
    }
    dropOutputs(output.logits());
    dropPrevious();
    stack.dropCaches();
  }

  /** Embedding and layers; the result is the last hidden state before the final norm. */
  private Tensor throughLayers() {
    embedding = graph.record(() -> embedded = embed());
    shared = SharedInputs.create(graph, resident.architecture(), settings, embedded.dtype());
    stack = new LayerStack(graph, settings, shared, sharding);
    Tensor embeddings = keepsEmbeddings() ? embedded.hold() : null;
    Tensor hidden = stack.forward(model.stretches(), embedded);
    if (!runsAgain()) {
      shared.release(graph);
    }
    Tensor last = graph.enter(hidden, afterLayers);
    norm = graph.record(() -> normalised = finalNorm(headUnit().enter(last)));
    if (embeddings != null) {
      graph.release(embeddings);
    }
    return normalised;
  }

  private void throughHead(Tensor hidden) {
    graph.phase(Phase.FORWARD_HEAD);
    ShardUnit unit = headUnit();
    Tensor input = graph.enter(hidden, beforeHead);
    head =
        graph.record(
            () ->
                output = model.head().forward(graph, input, pass.loss(), unit, this::dropPrevious));
    graph.release(input);
    if (!settings.returnsLogits()) {
      sharding.afterForward();
    }
  }

  private ShardUnit headUnit() {
    return settings.returnsLogits()
        ? new ModelEnd(graph, model.headUnit(), sharding)
        : model.headUnit();
  }

  /** What a pass without a graph has given is in the loss; others' losses are sent backward. */
  void dropResult() {
    if (!pass.graph()) {
      graph.release(output.loss());
    }
  }

  /** From the loss to the gradients of the parameters; nothing where there is no graph. */
  void backward() {
    if (!pass.graph()) {
      return;
    }
    resident.run(pass.batch());
    graph.phase(Phase.BACKWARD_HEAD);
    if (!settings.returnsLogits()) {
      sharding.beforeBackward();
    }
    Tensor seed = graph.allocate(SEED, "loss", Category.LOGITS_AND_LOSS, 1, DataType.FP32);
    graph.send(output.loss(), seed);
    graph.backward(head);
    graph.phase(Phase.BACKWARD_LAYERS);
    through(norm, normalised, beforeHead.take());
    Tensor gradient = afterLayers.take();
    Tensor first = gradient == null ? null : stack.backward(gradient);
    if (runsAgain()) {
      shared.release(graph);
    }
    if (first != null) {
      through(embedding, embedded, first);
    }
    sharding.afterBackward();
    stack.dropInputs();
    if (leaf != null) {
      leaf.release(graph);
    }
  }

  /** Layers run again in the backward pass. */
  private boolean runsAgain() {
    return pass.graph() && job.checkpointing() != Checkpointing.NONE;
  }

  /**
   * The model's {@code inputs_embeds} names them until it returns. Among layers that are written
   * once for all, their death cannot be told from that of other inputs; there the head's logits are
   * the higher peak.
   */
  private boolean keepsEmbeddings() {
    return sharding.overlapsUnits() && settings.framework().layers().keepsEmbeddings();
  }

  private Tensor embed() {
    model.embeddingUnit().enter(ids);
    Tensor hidden = model.embedding().forward(graph, ids, leaf);
    return model.embeddingUnit().leave(settings.sequenceSplit().scatter(graph, hidden));
  }

  private Tensor finalNorm(Tensor hidden) {
    if (model.finalNorm() == null) {
      return settings.sequenceSplit().gather(graph, hidden);
    }
    Tensor result = model.finalNorm().forward(graph, hidden);
    graph.release(hidden);
    return settings.sequenceSplit().gather(graph, result);
  }

  /** Sends a gradient through a stretch; it is dropped where the stretch is frozen. */
  private void through(Recording stretch, Tensor result, Tensor gradient) {
    if (gradient == null) {
      return;
    }
    if (!result.requiresGrad()) {
      graph.release(gradient);
      return;
    }
    graph.send(result, gradient);
    graph.backward(stretch);
  }

  /** A loop that keeps its outputs holds those of the last step until it gets new ones. */
  private Tensor previousOutputs() {
    boolean wide = settings.outputsInFp32();
    return graph.allocate(
        WIDENED,
        wide ? "logits in fp32" : resident.architecture().head().linears().get(0).lastName(),
        Category.LOGITS_AND_LOSS,
        settings.tokens() * resident.architecture().vocabularySize(),
        wide ? DataType.FP32 : settings.logitsDtype());
  }

  private void dropPrevious() {
    if (previous != null) {
      graph.release(previous);
      previous = null;
    }
  }

  /** accelerate makes the outputs fp32; the Trainer drops them before the backward pass. */
  private void dropOutputs(List<Tensor> outputs) {
    graph.site().within(OUTPUTS, () -> widenAndDrop(outputs));
  }

  private void widenAndDrop(List<Tensor> outputs) {
    boolean keeps = pass.graph() && settings.keepsLogits();
    for (Tensor logits : outputs) {
      Tensor wide =
          settings.widensOutputs()
              ? Pointwise.detachedCast(graph, logits, DataType.FP32, "logits in fp32")
              : logits.hold();
      graph.release(logits);
      if (!keeps) {
        graph.release(wide);
      }
    }
  }
}
