package dev.vramcast.core.step;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.LayerMasks;
import dev.vramcast.core.module.RepeatedLayers;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.shard.Sharding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the vision tower inside a model's forward pass (transformers Gemma3Model.forward): pixels
 * through patches, layers and projector, whose tokens replace placeholders among the embeddings.
 */
final class ImageWriter {

  private final Graph graph;
  private final VisionModule vision;
  private final Sharding sharding;
  private final @Nullable InputLeaf leaf;
  private final boolean runsAgain;
  private final List<Tensor> returned = new ArrayList<>();
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

  /** Layers up to a branch, or the last ones. */
  private static final class Segment {
    private final LayerStack layers;

    /** Where the next segment and the branch begin. */
    private final Boundary end = new Boundary();

    private final Boundary afterBranch = new Boundary();

    /** What runs between this segment and the next, and its result; null where nothing does. */
    private @Nullable Recording turn;

    private @Nullable Tensor turned;

    /** These are null of the last segment. */
    private @Nullable Tensor output;

    private @Nullable Recording branch;
    private @Nullable Tensor features;

    /** What the language model adds. */
    private @Nullable Tensor given;

    Segment(LayerStack layers) {
      this.layers = layers;
    }
  }

  /**
   * Nothing has run yet.
   *
   * @param requiresGrad the output of the patch embedding is made to require a gradient
   * @param runsAgain layers run again in the backward pass
   */
  ImageWriter(
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
  Tensor forward(Tensor text, Tensor pixels, long tokens) {
    Tensor embeddings = graph.enter(text, afterEmbedding);
    run(
        pixels,
        images -> {
          Tensor mixed = VisionModule.merge(graph, embeddings, images, tokens);
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
  Tensor states(Tensor pixels) {
    run(pixels, images -> states = images);
    return graph.enterAll(Objects.requireNonNull(states), afterStates);
  }

  /** Runs the tower; what is done with its tokens belongs to the same segment. */
  private void run(Tensor pixels, Consumer<Tensor> end) {
    List<Tensor> prepared = vision.prepared(graph, pixels);
    patches = graph.record(() -> embedded = embedded(prepared.get(0)));
    Tensor first = Objects.requireNonNull(embedded);
    SharedInputs inputs = vision.sharedInputs(graph, first.dtype());
    shared = inputs;
    Tensor last = graph.enter(through(inputs, first), afterLayers);
    beyond(inputs, last);
    if (!runsAgain) {
      inputs.release(graph);
    }
    merge =
        graph.record(
            () -> {
              Tensor result = vision.finish(graph, last, vision.isSeen() ? features() : List.of());
              keep(result);
              leaveTiles();
              Tensor images = joined(vision.project(graph, result));
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

  /**
   * Layers and a norm that run behind the hidden states that are read: without a gradient, they are
   * there until the model's outputs are dropped.
   */
  private void beyond(SharedInputs inputs, Tensor read) {
    VisionModule.Unread rest = vision.unread();
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
  private Tensor through(SharedInputs inputs, Tensor first) {
    Tensor hidden = first;
    List<List<RepeatedLayers>> layers = vision.segments();
    for (int i = 0; i < layers.size(); i++) {
      Segment segment = new Segment(stack(inputs));
      segments.add(segment);
      hidden = segment.layers.forward(layers.get(i), hidden);
      if (vision.turnsBehind(i)) {
        hidden = turn(segment, hidden);
      } else if (i < layers.size() - 1) {
        hidden = branchOff(segment, i, hidden);
      }
    }
    return hidden;
  }

  private Tensor turn(Segment segment, Tensor hidden) {
    Tensor input = graph.enter(hidden, segment.end);
    segment.turn = graph.record(() -> segment.turned = vision.turned(graph, input));
    return Objects.requireNonNull(segment.turned);
  }

  private Tensor branchOff(Segment segment, int index, Tensor hidden) {
    Tensor shared = graph.enter(hidden, segment.end);
    segment.output = shared;
    segment.branch =
        graph.record(() -> segment.features = joined(vision.branch(graph, index, shared)));
    Tensor features = Objects.requireNonNull(segment.features);
    segment.given = graph.enter(features, segment.afterBranch);
    return shared;
  }

  /** What the language model adds behind its first layers; they stay this writer's. */
  List<Tensor> features() {
    return segments.stream().map(segment -> segment.given).filter(Objects::nonNull).toList();
  }

  /** The language model's layers have run. */
  void dropFeatures() {
    features().forEach(graph::release);
    if (namedImages != null) {
      graph.release(namedImages);
      namedImages = null;
    }
  }

  /**
   * The model returns what its tower made beside its logits ({@code image_outputs} of transformers
   * 5.24; 4.57 returns less; {@code encoder_last_hidden_state} of Whisper).
   */
  private void keep(Tensor tensor) {
    if (vision.hears() || vision.settings().code().version().atLeast(5, 24)) {
      returned.add(tensor.hold());
    }
  }

  /** What the model returns beside its logits. */
  List<Tensor> returned() {
    return returned;
  }

  /** The model's outputs are dropped. */
  void dropReturned() {
    returned.forEach(graph::release);
    returned.clear();
    if (unread != null) {
      unread.drop();
    }
    if (unreadNorm != null) {
      BackwardPass.drop(graph, unreadNorm);
    }
  }

  /** Takes over the gradient of {@link #forward}'s result and gives that of the text's; or null. */
  @Nullable Tensor backward(Tensor gradient) {
    Tensor result = Objects.requireNonNull(merged);
    if (!result.requiresGrad()) {
      graph.release(gradient);
      return null;
    }
    backThroughTower(result, gradient);
    return afterEmbedding.take();
  }

  /** The language model's backward pass has run, whose layers have looked at images. */
  void backward() {
    Tensor gradient = afterStates.take();
    if (gradient != null) {
      backThroughTower(Objects.requireNonNull(states), gradient);
    }
  }

  private void backThroughTower(Tensor result, Tensor gradient) {
    graph.send(result, gradient);
    graph.backward(Objects.requireNonNull(merge));
    Tensor first = backThrough(afterLayers.take());
    dropShared();
    Tensor input = Objects.requireNonNull(embedded);
    if (first != null && input.requiresGrad()) {
      graph.send(input, first);
      graph.backward(Objects.requireNonNull(patches));
    } else if (first != null) {
      graph.release(first);
    }
  }

  /** Takes over the gradient of the last layer's result and gives that of the patches, or null. */
  private @Nullable Tensor backThrough(@Nullable Tensor gradient) {
    Tensor current = gradient;
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (segment.turn != null) {
        current = turnedBack(segment, segment.turn, current);
      } else if (i < segments.size() - 1) {
        current = vision.isSeen() ? summed(segment, current) : joined(segment, current);
      }
      current = current == null ? null : segment.layers.backward(current);
    }
    return current;
  }

  private @Nullable Tensor turnedBack(Segment segment, Recording turn, @Nullable Tensor gradient) {
    if (gradient == null) {
      return null;
    }
    graph.send(Objects.requireNonNull(segment.turned), gradient);
    graph.backward(turn);
    return segment.end.take();
  }

  /** What came first from the tower's result, and what comes back from the next segment. */
  private @Nullable Tensor summed(Segment segment, @Nullable Tensor ofNext) {
    Tensor ofResult = segment.afterBranch.take();
    if (ofResult != null) {
      segment.end.accept(graph, 0, ofResult);
    }
    if (ofNext != null) {
      segment.end.accept(graph, 0, ofNext);
    }
    return segment.end.take();
  }

  /** The sum of what comes back from the next segment and from the branch. */
  private @Nullable Tensor joined(Segment segment, @Nullable Tensor ofNext) {
    Tensor ofFeatures = segment.afterBranch.take();
    Tensor output = Objects.requireNonNull(segment.output);
    if (ofNext != null && output.requiresGrad()) {
      segment.end.accept(graph, 0, ofNext);
    } else if (ofNext != null) {
      graph.release(ofNext);
    }
    if (ofFeatures != null) {
      graph.send(Objects.requireNonNull(segment.features), ofFeatures);
      graph.backward(Objects.requireNonNull(segment.branch));
    }
    return segment.end.take();
  }

  /** Layers that share what they read with other stacks of the tower. */
  private LayerStack stack(SharedInputs inputs) {
    LayerMasks masks = LayerMasks.kept(inputs, vision.settings());
    return new LayerStack(graph, vision.settings(), masks, sharding);
  }

  /** No layer of the tower runs again. */
  private void dropShared() {
    if (runsAgain && shared != null) {
      shared.release(graph);
      shared = null;
    }
  }

  /** The backward pass of the whole model has run. */
  void end() {
    segments.forEach(segment -> segment.layers.dropInputs());
    dropShared();
    if (leaf != null) {
      leaf.release(graph);
    }
  }
}
