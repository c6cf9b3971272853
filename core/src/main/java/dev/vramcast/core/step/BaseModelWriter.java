package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.RouterScores;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.module.DistanceRows;
import dev.vramcast.core.module.LayerInputs;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.KeyValueCache;
import dev.vramcast.core.module.part.PerLayerEmbedding;
import dev.vramcast.core.module.part.Seeing;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.module.part.SharedInputsFactory;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.step.stack.ImageWriter;
import dev.vramcast.core.step.stack.LayerStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The part of a model below its head: embedding, images, layers and the last norm. */
final class BaseModelWriter {

  private final Graph graph;
  private final Resident resident;
  private final LoadedModel model;
  private final ResolvedJob job;
  private final StepSettings settings;
  private final Sharding sharding;
  private final Pass pass;
  private final Tensor ids;
  private final @Nullable Tensor pixels;
  private final @Nullable Tensor sound;
  private final @Nullable InputLeaf leaf;

  /** Null where no images are given. */
  private final @Nullable ImageWriter images;

  /** Null where no sound is given. */
  private final @Nullable ImageWriter recordings;

  private final Boundary afterLayers = new Boundary();

  /** What the forward pass leaves for the backward pass; null until it has run. */
  private @Nullable Recording embedding;

  private @Nullable Tensor embedded;

  /** The mask that a trainer has made for the pass; null where it has made none. */
  private @Nullable Tensor given;

  private @Nullable SharedInputs shared;
  private @Nullable LayerInputs layerInputs;
  private @Nullable LayerStack stack;
  private @Nullable Recording distances;
  private @Nullable Recording norm;
  private @Nullable Tensor normalised;
  private boolean balances;

  /** Nothing has run yet; {@code inputs} are the pass's batch. */
  BaseModelWriter(Graph graph, Resident resident, Pass pass, Inputs inputs) {
    this.graph = graph;
    this.resident = resident;
    this.model = resident.model();
    this.settings = resident.settings();
    this.job = settings.job();
    this.sharding = resident.sharding();
    this.pass = pass;
    this.ids = inputs.ids();
    this.pixels = inputs.pixels();
    this.sound = inputs.sound();
    this.leaf = resident.inputLeaf(pass);
    this.images = writer(model.vision());
    this.recordings = writer(model.sound());
  }

  private @Nullable ImageWriter writer(@Nullable VisionModule encoder) {
    return encoder == null
        ? null
        : new ImageWriter(
            graph, encoder, sharding, pass.graph() && encoder.requiresGrad(), runsAgain());
  }

  /** What runs before the layers, in order: sound, then images. */
  private List<ImageWriter> encoders() {
    return Stream.of(Optional.ofNullable(recordings), Optional.ofNullable(images))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The model returns the scores of experts, for the loss that balances them. */
  void returnScores() {
    balances = true;
  }

  /** The model's own forward pass ends with that loss, if any. */
  void balance() {
    made(stack).balance();
  }

  /** The backward pass of that loss, which comes before that of the model. */
  void balanceBackward() {
    made(stack).balanceBackward();
  }

  /**
   * From token ids to the last hidden states, behind the final norm.
   *
   * @param caching the model returns keys and values
   */
  Tensor forward(boolean caching) {
    Seeing seen = seen();
    ImageWriter mixed = seen == null ? images : null;
    List<Tensor> summands = new ArrayList<>();
    embedding = graph.record(() -> embedded = resident.embedded(graph, ids, leaf, summands));
    boolean summed = !summands.isEmpty();
    if (!keepsEmbeddings()) {
      release(summands);
    }
    Tensor first = made(embedded);
    if (recordings != null) {
      first = recordings.forward(first, made(sound), settings.tokens());
    }
    if (mixed != null) {
      first = mixed.forward(first, made(pixels), this::mixed);
    }
    SharedInputs inputs = inputs(first, seen, caching);
    Tensor mask = inputs.masks().full();
    given = mask != null && masksItself() ? mask.hold() : null;
    LayerStack layers = new LayerStack(graph, settings, made(layerInputs), sharding);
    stack = layers;
    boolean named = keepsEmbeddings() && !summed || inputs.keepsStates();
    Tensor embeddings = named ? first.hold() : null;
    if (named || readsRowsBefore() || resident.keepsInputLeaf(leaf)) {
      layers.keepInput();
    }
    if (pass.returnsInputs()) {
      layers.returnInputs();
    }
    Tensor hidden =
        layers.forward(model.layers(), first, mixed == null ? List.of() : mixed.features());
    if (recordings != null) {
      recordings.dropFeatures();
    }
    if (mixed != null) {
      mixed.dropFeatures();
    }
    if (!runsAgain()) {
      inputs.release(graph);
    }
    Tensor last = afterLayers.enter(graph, hidden);
    norm = graph.record(() -> normalised = resident.ended(graph, model.units().norm().enter(last)));
    if (!pass.returnsStates()) {
      layers.endLoop();
    }
    if (embeddings != null) {
      graph.release(embeddings);
    }
    release(summands);
    return made(normalised);
  }

  /** Embeddings among which those of images are. */
  private Tensor mixed(Tensor text, Tensor images) {
    Tensor mixed = VisionModule.merge(graph, text, images, settings.tokens());
    return model.embedding().start().besideImages(graph, ids, mixed);
  }

  /** Whether what the first layer reads is saved in front of it too. */
  private boolean readsRowsBefore() {
    PerLayerEmbedding beside = model.embedding().start().perLayer();
    return beside != null && !beside.spread();
  }

  private void release(List<Tensor> named) {
    named.forEach(graph::release);
    named.clear();
  }

  private boolean masksItself() {
    return pass.attending().filter(Pass.Attending::masks).isPresent();
  }

  /** What all layers read beside the embeddings. */
  private SharedInputs inputs(Tensor embeddings, @Nullable Seeing seen, boolean caching) {
    SharedInputs made =
        new SharedInputsFactory(graph, settings, embeddings.dtype())
            .create(resident.architecture())
            .with(seen);
    SharedInputs returned = balances ? made.returning(new RouterScores()) : made;
    SharedInputs inputs =
        caching ? returned.caching(new KeyValueCache(settings.code().copiesCached())) : returned;
    shared = inputs;
    DistanceRows rows = model.distances();
    if (rows != null) {
      distances = graph.record(() -> rows.make(graph, settings, inputs.rows()));
    }
    layerInputs = LayerInputs.of(inputs, settings);
    return inputs;
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

  /** The model returns, with its hidden states where the pass asks for them. */
  void endLoop() {
    if (pass.returnsStates()) {
      made(stack).endLoop();
    }
    if (given != null) {
      graph.release(given);
      given = null;
    }
  }

  /** What the model returns of images and sound beside its logits. */
  List<Tensor> returned() {
    return encoders().stream().flatMap(each -> each.returned().stream()).toList();
  }

  /** The model's outputs are dropped, but for keys and values. */
  void dropReturned() {
    encoders().forEach(ImageWriter::dropReturned);
  }

  /** What the model returned of its layers' inputs is dropped. */
  void dropReturnedInputs() {
    made(stack).dropReturnedInputs();
  }

  /** So are keys and values. */
  void dropCaches() {
    made(stack).dropCaches();
  }

  /** From the gradient of the last hidden states, which is taken over, to those of parameters. */
  void backward(@Nullable Tensor ofStates) {
    through(made(norm), made(normalised), ofStates);
    Tensor gradient = afterLayers.take();
    Tensor first = gradient == null ? null : made(stack).backward(gradient);
    if (runsAgain()) {
      made(layerInputs).release(graph);
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
    if (ofText != null && recordings != null) {
      ofText = recordings.backward(ofText);
    }
    if (ofText != null) {
      through(made(embedding), made(embedded), ofText);
    }
    if (images != null && sees) {
      images.backward();
    }
    sharding.afterBackward();
    made(stack).dropInputs();
    encoders().forEach(ImageWriter::end);
    if (leaf != null) {
      leaf.release(graph);
    }
    made(shared).end(graph);
  }

  private boolean runsAgain() {
    return pass.graph() && job.checkpointing() != Checkpointing.NONE;
  }

  /**
   * The model's {@code inputs_embeds} names them until it returns. Their end is told from that of
   * other inputs where the first layer is written apart, which vectors, classes and labelled tokens
   * alone are worth: before logits that are wider than hidden states, those are the higher peak
   * unless layers score every token for every query, and what runs again has its input anyway.
   */
  private boolean keepsEmbeddings() {
    boolean hasLogits = pass.head().makesAllLogits() && job.objective().classes().isEmpty();
    Architecture architecture = resident.architecture();
    boolean wide = architecture.vocabularySize() > architecture.hiddenSize();
    boolean highest = !(hasLogits && wide && !scores(architecture)) && !runsAgain();
    boolean apart = highest || sharding.overlapsUnits() || !graph.gradEnabled();
    return apart && settings.framework().is(LayerCode.KEEPS_EMBEDDINGS);
  }

  private static boolean scores(Architecture architecture) {
    return architecture.hasLayer(
        layer -> layer.mixer() instanceof LatentAttention latent && latent.indexer().isPresent());
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
