package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
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
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Writes the allocation trace of one training step of a job on an architecture: the second
 * optimizer step, when the optimizer's states exist, and its last micro-batch, when gradients of
 * the earlier ones exist.
 */
public final class StepWriter {

  /** The main thread's and the autograd thread's, each with a workspace. */
  private static final int CUBLAS_HANDLES = 2;

  private final Architecture architecture;
  private final ResolvedJob job;
  private final StepSettings settings;
  private final Graph graph = new Graph();
  private final Sharding sharding;
  private LoadedModel model;
  private Tensor ids;

  private StepWriter(Architecture architecture, ResolvedJob job, boolean prefersCudnn) {
    this.architecture = architecture;
    this.job = job;
    this.settings = new StepSettings(job, architecture.traits(), prefersCudnn);
    this.sharding = Shardings.of(graph, job, architecture.head().tied(), architecture.hiddenSize());
  }

  /**
   * The traces of a job.
   *
   * @param workspaceBytes cuBLAS workspaces, which PyTorch takes from its allocator
   * @param prefersCudnn cuDNN's attention is the fastest on this GPU
   */
  public static StepTraces write(
      Architecture architecture, ResolvedJob job, long workspaceBytes, boolean prefersCudnn) {
    StepWriter writer = new StepWriter(architecture, job, prefersCudnn);
    writer.write(workspaceBytes);
    return writer.graph.finish();
  }

  private void write(long workspaceBytes) {
    graph.phase(Phase.LOAD);
    for (int i = 0; i < CUBLAS_HANDLES && workspaceBytes > 0; i++) {
      long bytes = workspaceBytes / CUBLAS_HANDLES;
      graph.allocate("cuBLAS workspaces", Category.OTHER, bytes, DataType.UINT8);
    }
    model = LoadedModel.load(graph, architecture, settings, sharding);
    OptimizerWriter optimizer =
        new OptimizerWriter(graph, settings, updated(), sharding.keepsOnHost());
    optimizer.writeStates();
    if (settings.startsWithGradients()) {
      sharding.createGradients();
    }
    if (job.optimizer().inBackward()) {
      graph.stepInBackward();
    }
    inputs();
    passes();
    graph.phase(Phase.STEP);
    if (sharding.partitions().isEmpty()) {
      optimizer.writeStep();
    } else {
      sharding.step(partition -> optimizer.writeStep(Trainable.of(partition)));
    }
  }

  /** What the optimizer updates. */
  private List<Trainable> updated() {
    List<FlatPartition> partitions = sharding.partitions();
    return partitions.isEmpty()
        ? model.trainables()
        : partitions.stream().map(Trainable::of).toList();
  }

  /** Token ids, labels and attention mask. */
  private void inputs() {
    ids = graph.allocate("inputs", Category.OTHER, settings.tokens(), DataType.INT64);
    graph.allocate("inputs", Category.OTHER, settings.tokens(), DataType.INT64);
    graph.allocate("inputs", Category.OTHER, settings.tokens(), DataType.INT64);
  }

  private void passes() {
    Tensor[] previous = {settings.findsOldLogits() ? previousOutputs() : null};
    graph.phase(Phase.FORWARD_LAYERS);
    if (settings.autocast()) {
      graph.enterAutocast(settings.computeDtype());
    }
    graph.offloadSaved(job.parallelism().offload().contains(OffloadTarget.ACTIVATIONS));
    sharding.beforeForward();
    boolean leafNeeded = settings.job().inputsRequireGrad() && !model.embedding().trains();
    InputLeaf leaf = leafNeeded ? new InputLeaf() : null;
    Tensor[] embedded = new Tensor[1];
    Recording embedding = graph.record(() -> embedded[0] = embed(leaf));
    SharedInputs shared = SharedInputs.create(graph, architecture, settings, embedded[0].dtype());
    LayerStack stack = new LayerStack(graph, settings, shared, sharding);
    Tensor embeddings = keepsEmbeddings() ? embedded[0].hold() : null;
    Tensor hidden = stack.forward(model.stretches(), embedded[0]);
    boolean recomputes = job.checkpointing() != Checkpointing.NONE;
    if (!recomputes) {
      shared.release(graph);
    }

    Boundary afterLayers = new Boundary();
    Boundary beforeHead = new Boundary();
    Tensor[] normalised = new Tensor[1];
    Tensor last = graph.enter(hidden, afterLayers);
    boolean returnsLogits = settings.returnsLogits();
    ShardUnit headUnit =
        returnsLogits ? new ModelEnd(graph, model.headUnit(), sharding) : model.headUnit();
    Recording norm = graph.record(() -> normalised[0] = finalNorm(headUnit.enter(last)));
    if (embeddings != null) {
      graph.release(embeddings);
    }
    graph.phase(Phase.FORWARD_HEAD);
    HeadAndLoss.Output[] output = new HeadAndLoss.Output[1];
    Tensor headInput = graph.enter(normalised[0], beforeHead);
    Recording head =
        graph.record(
            () ->
                output[0] = model.head().forward(graph, headInput, headUnit, () -> drop(previous)));
    graph.release(headInput);
    if (!returnsLogits) {
      sharding.afterForward();
    }
    graph.offloadSaved(false);
    if (settings.autocast()) {
      graph.leaveAutocast();
    }
    dropOutputs(output[0].logits());
    drop(previous);
    stack.dropCaches();

    graph.phase(Phase.BACKWARD_HEAD);
    if (!returnsLogits) {
      sharding.beforeBackward();
    }
    Tensor seed = graph.allocate("loss", Category.LOGITS_AND_LOSS, 1, DataType.FP32);
    graph.send(output[0].loss(), seed);
    graph.backward(head);
    graph.phase(Phase.BACKWARD_LAYERS);
    through(norm, normalised[0], beforeHead.take());
    Tensor gradient = afterLayers.take();
    Tensor first = gradient == null ? null : stack.backward(gradient);
    if (recomputes) {
      shared.release(graph);
    }
    if (first != null) {
      through(embedding, embedded[0], first);
    }
    sharding.afterBackward();
    stack.dropInputs();
    if (leaf != null) {
      leaf.release(graph);
    }
  }

  /**
   * The model's {@code inputs_embeds} names them until it returns. Among layers that are written
   * once for all, their death cannot be told from that of other inputs; there the head's logits are
   * the higher peak.
   */
  private boolean keepsEmbeddings() {
    return sharding.overlapsUnits() && settings.framework().layers().keepsEmbeddings();
  }

  private Tensor embed(InputLeaf leaf) {
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
  private void through(Recording stretch, Tensor output, Tensor gradient) {
    if (gradient == null) {
      return;
    }
    if (!output.requiresGrad()) {
      graph.release(gradient);
      return;
    }
    graph.send(output, gradient);
    graph.backward(stretch);
  }

  /** A loop that keeps its outputs holds those of the last step until it gets new ones. */
  private Tensor previousOutputs() {
    boolean wide = settings.outputsInFp32();
    return graph.allocate(
        wide ? "logits in fp32" : architecture.head().linears().get(0).lastName(),
        Category.LOGITS_AND_LOSS,
        settings.tokens() * architecture.vocabularySize(),
        wide ? DataType.FP32 : settings.logitsDtype());
  }

  /** accelerate makes the outputs fp32; the Trainer drops them before the backward pass. */
  private void dropOutputs(List<Tensor> outputs) {
    for (Tensor logits : outputs) {
      Tensor wide =
          settings.widensOutputs()
              ? Pointwise.detachedCast(graph, logits, DataType.FP32, "logits in fp32")
              : logits.hold();
      graph.release(logits);
      if (!settings.keepsLogits()) {
        graph.release(wide);
      }
    }
  }

  private void drop(Tensor[] previous) {
    if (previous[0] != null) {
      graph.release(previous[0]);
      previous[0] = null;
    }
  }
}
