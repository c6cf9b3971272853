package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.module.DistanceRows;
import dev.vramcast.core.module.LayerMasks;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.module.part.FinalStage;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.KeyValueCache;
import dev.vramcast.core.module.part.Seeing;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.step.image.ImageWriter;
import dev.vramcast.core.step.stack.LayerStack;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs one model once: forward, and where there is a graph, backward. */
final class PassWriter {

  private final Graph graph;
  private final Resident resident;
  private final LoadedModel model;
  private final ResolvedJob job;
  private final StepSettings settings;
  private final Sharding sharding;
  private final Pass pass;
  private final Tensor ids;
  private final @Nullable Tensor pixels;
  private final @Nullable InputLeaf leaf;

  /** Null where no images are given. */
  private final @Nullable ImageWriter images;

  private final Boundary afterLayers = new Boundary();
  private final ReturnedOutputs outputs;
  private final ReturnedOutputs.OfLoop loop;
  private final HeadWriter head;

  private boolean evaluates;
  private boolean keepsOutputs;

  /** What the forward pass leaves for the backward pass; null until it has run. */
  private @Nullable Recording embedding;

  private @Nullable Tensor embedded;
  private @Nullable SharedInputs shared;
  private @Nullable LayerMasks masks;
  private @Nullable LayerStack stack;
  private @Nullable Recording distances;
  private @Nullable Recording norm;
  private @Nullable Tensor normalised;

  /** What a head that is compared with another model's waits with; null otherwise. */
  private @Nullable Tensor waiting;

  /** Nothing has run yet; {@code inputs} are the pass's batch. */
  PassWriter(Graph graph, Resident resident, Pass pass, Inputs inputs) {
    this.graph = graph;
    this.resident = resident;
    this.model = resident.model();
    this.settings = resident.settings();
    this.job = settings.job();
    this.outputs = new ReturnedOutputs(graph, resident);
    this.head = new HeadWriter(graph, resident, pass, outputs);
    this.sharding = resident.sharding();
    this.pass = pass;
    this.loop = new ReturnedOutputs.OfLoop(graph, resident, pass);
    this.ids = inputs.ids();
    this.pixels = inputs.pixels();
    this.leaf = resident.inputLeaf(pass);
    VisionModule vision = model.vision();
    this.images =
        vision == null
            ? null
            : new ImageWriter(
                graph, vision, sharding, pass.graph() && vision.requiresGrad(), runsAgain());
  }

  void evaluate() {
    evaluates = true;
  }

  /** Whether this pass of an evaluation caches keys and values, whatever the trainer has set. */
  boolean cachesBelow() {
    return evaluates
        && pass.model().trains()
        && settings.code().cachesBelow()
        && !settings.framework().loop().forbidsCache();
  }

  /** The model's outputs are held until they are taken, whatever the training loop does. */
  void keepOutputs() {
    keepsOutputs = true;
  }

  /** What the model has returned, which is the caller's from now on. */
  List<Tensor> takeOutputs() {
    return outputs.hand();
  }

  /** From token ids to the loss. Without a graph nothing but the loss is left behind. */
  void forward() {
    resident.run(pass);
    if (pass.graph()) {
      outputs.findPrevious();
      run();
    } else {
      // A model that is not trained is as from_pretrained leaves it, which is in evaluation.
      boolean dropped = graph.dropOut(pass.model().trains() && graph.drops(true));
      loop.withoutGrad(this::run);
      graph.dropOut(dropped);
    }
  }

  void dropResult() {
    if (!holdsOutputs()) {
      head.dropResult();
      loop.drop();
    }
    if (loop.isLeftAsLoaded()) {
      made(stack).dropCaches();
    }
  }

  boolean holdsOutputs() {
    return loop.trains();
  }

  void dropOutputs() {
    head.dropBeside();
    loop.drop();
  }

  private void run() {
    List<Tensor> before = loop.leftBefore();
    graph.phase(phase(Phase.FORWARD_LAYERS, Phase.NO_GRAD_LAYERS));
    boolean enters =
        settings.autocast() && !generates() && !loop.isPastAutocast() && !graph.autocast();
    if (enters) {
      graph.enterAutocast(settings.computeDtype());
    }
    graph.offloadSaved(job.parallelism().offload().contains(OffloadTarget.ACTIVATIONS));
    sharding.beforePass(generates());
    Tensor hidden = throughLayers();
    if (pass.head() instanceof PassHead.Divergence asked && !asked.way().comparesLogits()) {
      graph.offloadSaved(false);
      waiting = hidden;
      return;
    }
    enterHead();
    loop.keepStates(hidden);
    head.forward(hidden);
    before.forEach(graph::release);
    if (pass.head() instanceof PassHead.Divergence) {
      graph.offloadSaved(false);
      return;
    }
    end(enters);
  }

  private void end(boolean leavesAutocast) {
    if (pass.returnsStates()) {
      made(stack).endLoop();
    }
    graph.offloadSaved(false);
    if (leavesAutocast && graph.autocast()) {
      graph.leaveAutocast();
    }
    outputs.take(
        head.logits(),
        keepsOutputs || (pass.graph() && settings.keepsLogits()),
        images == null ? List.of() : images.returned());
    outputs.dropPrevious();
    if (images != null) {
      images.dropReturned();
    }
    if (!loop.isLeftAsLoaded()) {
      made(stack).dropCaches();
    }
  }

  /**
   * The head of a pass that is compared with another model's, when that has run; nothing of others.
   * The loss is computed inside the student's forward pass ({@code _ForwardRedirection} of
   * trl/models/utils.py), so an autocast would be left behind it.
   */
  void compare(List<PassWriter> passes) {
    if (!(pass.head() instanceof PassHead.Divergence asked)) {
      return;
    }
    resident.run(pass);
    enterHead();
    Tensor hidden = waiting;
    if (hidden == null) {
      HeadWriter its = other(passes);
      if (pass.graph()) {
        head.compareLogits(asked, its);
      } else {
        graph.withoutGrad(() -> head.compareLogits(asked, its));
      }
      end(false);
    } else {
      head.compare(hidden, asked, other(passes));
      waiting = null;
      end(settings.autocast());
    }
  }

  private static HeadWriter other(List<PassWriter> passes) {
    return passes.stream().map(PassWriter::head).filter(HeadWriter::isCompared).findFirst().get();
  }

  private void enterHead() {
    graph.phase(phase(Phase.FORWARD_HEAD, Phase.NO_GRAD_HEAD));
  }

  HeadWriter head() {
    return head;
  }

  /** Embedding and layers; the result is the last hidden state before the final norm. */
  private Tensor throughLayers() {
    Seeing seen = seen();
    embedding = graph.record(() -> embedded = embed());
    Tensor first = made(embedded);
    if (seen == null && images != null) {
      first = images.forward(first, made(pixels), settings.tokens());
    }
    SharedInputs inputs =
        SharedInputs.create(graph, resident.architecture(), settings, first.dtype()).with(seen);
    if (cachesBelow() || loop.isLeftAsLoaded()) {
      inputs = inputs.caching(new KeyValueCache());
    }
    shared = inputs;
    DistanceRows rows = model.distances();
    if (rows != null) {
      distances = graph.record(() -> rows.make(graph, settings, made(shared).rows()));
    }
    masks = LayerMasks.of(inputs, settings);
    LayerStack layers = new LayerStack(graph, settings, made(masks), sharding);
    stack = layers;
    Tensor embeddings = null;
    if (keepsEmbeddings() || inputs.keepsStates()) {
      embeddings = first.hold();
      layers.keepInput();
    }
    ImageWriter enriching = seen == null ? images : null;
    Tensor hidden =
        layers.forward(model.layers(), first, enriching == null ? List.of() : enriching.features());
    if (enriching != null) {
      enriching.dropFeatures();
    }
    if (!runsAgain()) {
      inputs.release(graph);
    }
    Tensor last = afterLayers.enter(graph, hidden);
    norm = graph.record(() -> normalised = finalNorm(model.normUnit().enter(last)));
    if (!pass.returnsStates()) {
      layers.endLoop();
    }
    if (embeddings != null) {
      graph.release(embeddings);
    }
    return made(normalised);
  }

  /** What layers see of images that have no tokens; null where none does. */
  private @Nullable Seeing seen() {
    VisionModule vision = model.vision();
    return images == null || vision == null || !vision.isSeen()
        ? null
        : vision.seeing(graph, settings, images.states(made(pixels)));
  }

  /** Something that the forward pass, which has run, has left. */
  private static <T> T made(@Nullable T part) {
    return Objects.requireNonNull(part);
  }

  /** {@code generate} calls the unwrapped model, past the autocast around the prepared one. */
  private boolean generates() {
    return pass.head() instanceof PassHead.NextTokens;
  }

  private Phase phase(Phase withGraph, Phase without) {
    if (evaluates) {
      return Phase.EVALUATION;
    }
    return generates() ? Phase.GENERATION : pass.graph() ? withGraph : without;
  }

  /** From the loss to the gradients of the parameters; nothing where there is no graph. */
  void backward() {
    if (pass.graph()) {
      backward(null);
    }
  }

  /**
   * As {@link #backward()}.
   *
   * @param ofResult gradient of what the pass has made, which is taken over; null where that is the
   *     loss
   */
  void backward(@Nullable Tensor ofResult) {
    resident.run(pass);
    if (ofResult == null) {
      graph.phase(Phase.BACKWARD_HEAD);
    }
    Tensor ofStates = head.backward(ofResult);
    graph.phase(Phase.BACKWARD_LAYERS);
    through(made(norm), made(normalised), ofStates);
    Tensor gradient = afterLayers.take();
    Tensor first = gradient == null ? null : made(stack).backward(gradient);
    if (runsAgain()) {
      made(masks).release(graph);
    }
    if (distances != null) {
      made(shared).rows().sendBack(graph);
      graph.backward(distances);
    }
    if (leaf != null) {
      model.embedding().gradientArrived(graph);
    }
    boolean sees = made(shared).images() != null;
    Tensor ofText = first == null || images == null || sees ? first : images.backward(first);
    if (ofText != null) {
      through(made(embedding), made(embedded), ofText);
    }
    if (images != null && sees) {
      images.backward();
    }
    sharding.afterBackward();
    made(stack).dropInputs();
    if (images != null) {
      images.end();
    }
    if (leaf != null) {
      leaf.release(graph);
    }
    made(shared).end(graph);
    outputs.endBackward();
  }

  private boolean runsAgain() {
    return pass.graph() && job.checkpointing() != Checkpointing.NONE;
  }

  /**
   * The model's {@code inputs_embeds} names them until it returns. Their end is told from that of
   * other inputs where the first layer is written apart, which vectors, classes and labelled tokens
   * alone are worth: before logits, those are the higher peak, and what runs again has its input
   * anyway.
   */
  private boolean keepsEmbeddings() {
    boolean hasLogits = pass.head().makesAllLogits() && job.objective().classes().isEmpty();
    boolean highest = !hasLogits && !runsAgain();
    boolean apart = highest || sharding.overlapsUnits() || !graph.gradEnabled();
    return apart && settings.framework().layers().keepsEmbeddings();
  }

  private Tensor embed() {
    Tensor hidden = model.embedding().forward(graph, ids, leaf);
    return settings.sequenceSplit().scatter(graph, hidden);
  }

  private Tensor finalNorm(Tensor hidden) {
    FinalStage last = model.finalNorm();
    if (last == null) {
      return settings.sequenceSplit().gather(graph, hidden);
    }
    Tensor result = graph.rebind(hidden, last.forward(graph, hidden));
    return settings.sequenceSplit().gather(graph, result);
  }

  /** Sends a gradient through a segment; it is dropped where that is frozen. */
  private void through(Recording segment, Tensor result, @Nullable Tensor gradient) {
    if (gradient == null) {
      return;
    }
    if (!result.requiresGrad()) {
      graph.release(gradient);
      return;
    }
    graph.send(result, gradient);
    graph.backward(segment);
  }
}
