package dev.vramcast.core.step.stack;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.LayerInputs;
import dev.vramcast.core.module.RepeatedLayers;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.module.vision.PoolModule;
import dev.vramcast.core.shard.Sharding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the vision tower inside a model's forward pass (transformers Gemma3Model.forward): pixels
 * through patches, layers and projector, whose tokens replace placeholders among the embeddings.
 */
public final class ImageWriter {

  private final Graph graph;
  private final VisionModule vision;
  private final Sharding sharding;
  private final @Nullable InputLeaf leaf;
  private final boolean runsAgain;
  private final List<Tensor> returned = new ArrayList<>();

  /** What the model's forward pass names until its loss is there, and does not return. */
  private final List<Tensor> unreturned = new ArrayList<>();

  /** What the model's forward pass names until its layers have run. */
  private final List<Tensor> namedOn = new ArrayList<>();

  private final Boundary afterLayers = new Boundary();
  private final Boundary afterEmbedding = new Boundary();

  private final List<Segment> segments = new ArrayList<>();

  /** What the forward pass leaves for the backward pass; null until it has run. */
  private @Nullable Recording patches;

  private @Nullable Tensor embedded;

  /** The output of the patch embedding, which a tower of tiles names until it returns. */
  private @Nullable Tensor named;

  /** States of images that layers look at; null where images have tokens. */
  private @Nullable Tensor states;

  private final Boundary afterStates = new Boundary();

  /** Null where everything is read. */
  private @Nullable LayerStack unread;

  private @Nullable Recording unreadNorm;

  private @Nullable SharedInputs shared;
  private @Nullable Recording merge;
  private @Nullable Tensor merged;

  /** The tokens of all images, which {@code forward} of the model names until it ends. */
  private @Nullable Tensor namedImages;

  /**
   * Nothing has run yet.
   *
   * @param requiresGrad the output of the patch embedding is made to require a gradient
   * @param runsAgain layers run again in the backward pass
   */
  public ImageWriter(
      Graph graph,
      VisionModule vision,
      Sharding sharding,
      boolean requiresGrad,
      boolean runsAgain) {
    this.runsAgain = runsAgain && vision.settings().code().checkpointsLayers();
    this.graph = graph;
    this.vision = vision;
    this.sharding = sharding;
    this.leaf = requiresGrad && vision.patches().takesLeaf() ? new InputLeaf() : null;
  }

  /**
   * The embeddings with the tokens of images among them.
   *
   * @param text embeddings of a batch of tokens, which it takes over
   * @param pixels of all images, which stay the caller's
   */
  public Tensor forward(Tensor text, Tensor pixels, long tokens) {
    return forward(text, pixels, (rows, images) -> VisionModule.merge(graph, rows, images, tokens));
  }

  /**
   * As {@link #forward(Tensor, Tensor, long)}.
   *
   * @param merge what becomes of embeddings and the tokens of images, which stay this writer's
   */
  public Tensor forward(Tensor text, Tensor pixels, BinaryOperator<Tensor> merge) {
    Tensor embeddings = afterEmbedding.enter(graph, text);
    run(
        pixels,
        images -> {
          Tensor mixed = merge.apply(embeddings, images);
          namedImages = images.hold();
          merged = graph.rebind(images, embeddings, mixed);
        });
    return Objects.requireNonNull(merged);
  }

  /**
   * The states of all images, at which layers of the language model look; no embedding is there
   * yet.
   *
   * @param pixels as of {@link #forward}
   */
  public Tensor states(Tensor pixels) {
    run(pixels, images -> states = images);
    return afterStates.enterAll(graph, Objects.requireNonNull(states));
  }

  /** Runs the tower; what is done with its tokens belongs to the same segment. */
  private void run(Tensor pixels, Consumer<Tensor> end) {
    List<Tensor> prepared = vision.prepared(graph, pixels);
    patches = graph.record(() -> embedded = embedded(prepared.get(0)));
    Tensor first = Objects.requireNonNull(embedded);
    SharedInputs inputs = vision.sharedInputs(graph, first.dtype());
    shared = inputs;
    Tensor last = afterLayers.enter(graph, throughLayers(inputs, first));
    throughUnread(inputs, last);
    if (!runsAgain || !last.requiresGrad()) {
      inputs.release(graph);
      shared = null;
    }
    merge =
        graph.record(
            () -> {
              List<Tensor> inner = vision.readsInner() ? features() : List.of();
              Tensor result = vision.finish(graph, last, inner, this::keep);
              PoolModule pool = vision.layers().pool();
              if (pool == null || !pool.keepsOther()) {
                keep(result);
              }
              leaveTiles();
              Tensor images = joined(vision.project(graph, result, inner));
              leaveInner(inner);
              prepared.forEach(graph::release);
              end.accept(images);
            });
  }

  /** All tokens in one tensor; takes over {@code tokens}, which the model's outputs may hold. */
  private Tensor joined(Tensor tokens) {
    boolean kept = !vision.isSeen();
    if (kept && vision.returnsUnjoined()) {
      keep(tokens);
    }
    Tensor result = vision.joined(graph, tokens);
    if (kept && !vision.returnsUnjoined()) {
      keep(result);
    }
    return result;
  }

  private Tensor embedded(Tensor pixels) {
    Tensor hidden = vision.patches().forward(graph, pixels, leaf);
    if (vision.isSeenInParts()) {
      named = hidden.hold();
    }
    return vision.embedded(graph, hidden);
  }

  /** A tower of tiles returns. */
  private void leaveTiles() {
    if (vision.isSeenInParts()) {
      graph.release(Objects.requireNonNull(named));
      dropFeatures();
    }
  }

  /** The tower's outputs hold what is read of it, until the model's are dropped. */
  private void leaveInner(List<Tensor> inner) {
    if (!vision.isSeenInParts() && !inner.isEmpty()) {
      segments.forEach(Segment::dropFeatures);
    }
  }

  /**
   * Layers and a norm that run behind the hidden states that are read: without a gradient, they are
   * there until the model's outputs are dropped.
   */
  private void throughUnread(SharedInputs inputs, Tensor read) {
    VisionModule.Unread rest = vision.layers().unread();
    if (rest.layers().isEmpty() && rest.norm() == null) {
      return;
    }
    Tensor last = read.hold();
    if (!rest.layers().isEmpty()) {
      unread = stack(inputs);
      last = unread.forward(rest.layers(), last);
    }
    Norms norm = rest.norm();
    if (norm != null) {
      Tensor input = last;
      Recording.Of<Tensor> recorded = graph.recorded(() -> norm.forward(graph, input));
      unreadNorm = recorded.recording();
      last = graph.rebind(input, recorded.result());
    }
    keep(last);
    graph.release(last);
  }

  /** All layers of the tower, with the branches between them; takes over the patches. */
  private Tensor throughLayers(SharedInputs inputs, Tensor first) {
    Tensor hidden = first;
    List<List<RepeatedLayers>> layers = vision.segments();
    for (int i = 0; i < layers.size(); i++) {
      int index = i;
      Segment segment = new Segment(graph, stack(inputs));
      segments.add(segment);
      hidden = segment.forward(layers.get(i), hidden);
      if (vision.runsBehind(i)) {
        hidden = segment.passOn(hidden, x -> vision.between(graph, x));
      } else if (i < layers.size() - 1) {
        hidden = segment.branchOff(hidden, x -> joined(vision.branch(graph, index, x)));
      }
    }
    return hidden;
  }

  /** What the language model adds behind its first layers; they stay this writer's. */
  public List<Tensor> features() {
    return segments.stream().map(Segment::given).flatMap(Optional::stream).toList();
  }

  /** The language model's layers have run. */
  public void dropFeatures() {
    segments.forEach(Segment::dropFeatures);
    if (namedImages != null) {
      graph.release(namedImages);
      namedImages = null;
    }
    namedOn.forEach(graph::release);
    namedOn.clear();
  }

  /**
   * The model returns what its tower made beside its logits ({@code image_outputs} of transformers
   * 5.24; 4.57 returns less; {@code encoder_last_hidden_state} of Whisper).
   */
  private void keep(Tensor tensor) {
    if (vision.namesStates()) {
      namedOn.add(tensor.hold());
      return;
    }
    if (!vision.returnsStates()) {
      unreturned.add(tensor.hold());
      return;
    }
    boolean newer = vision.settings().code().version().atLeast(5, 24);
    if (vision.hears() || newer) {
      returned.add(tensor.hold());
    }
  }

  /** What the model returns beside its logits. */
  public List<Tensor> returned() {
    return returned;
  }

  /** The model's outputs are dropped. */
  public void dropReturned() {
    returned.forEach(graph::release);
    returned.clear();
    unreturned.forEach(graph::release);
    unreturned.clear();
    if (unread != null) {
      unread.drop();
    }
    if (unreadNorm != null) {
      BackwardPass.drop(graph, unreadNorm);
    }
  }

  /** Takes over the gradient of {@link #forward}'s result and gives that of the text's; or null. */
  public @Nullable Tensor backward(Tensor gradient) {
    Tensor result = Objects.requireNonNull(merged);
    if (!result.requiresGrad()) {
      graph.release(gradient);
      return null;
    }
    backThroughTower(result, gradient);
    return afterEmbedding.take();
  }

  /** The language model's backward pass has run, whose layers have looked at images. */
  public void backward() {
    Tensor gradient = afterStates.take();
    if (gradient != null) {
      backThroughTower(Objects.requireNonNull(states), gradient);
    }
  }

  private void backThroughTower(Tensor result, Tensor gradient) {
    graph.send(result, gradient);
    graph.backward(Objects.requireNonNull(merge));
    Tensor first = afterLayers.take();
    for (int i = segments.size() - 1; i >= 0; i--) {
      first = segments.get(i).backward(first, vision.readsInner());
    }
    dropShared();
    Tensor input = Objects.requireNonNull(embedded);
    if (first != null && input.requiresGrad()) {
      graph.send(input, first);
      graph.backward(Objects.requireNonNull(patches));
    } else if (first != null) {
      graph.release(first);
    }
  }

  /** Layers that share what they read with other stacks of the tower. */
  private LayerStack stack(SharedInputs inputs) {
    LayerInputs layerInputs = LayerInputs.kept(inputs, vision.settings());
    return new LayerStack(graph, vision.settings(), layerInputs, sharding);
  }

  /** No layer of the tower runs again. */
  private void dropShared() {
    if (shared != null) {
      shared.release(graph);
      shared = null;
    }
  }

  /** The backward pass of the whole model has run. */
  public void end() {
    segments.forEach(Segment::dropInputs);
    dropShared();
    if (leaf != null) {
      leaf.release(graph);
    }
  }
}
