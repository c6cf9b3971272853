package dev.vramcast.core.step;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.RepeatedLayers;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.shard.Sharding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

  /** Null where everything is read. */
  private @Nullable LayerStack unread;

  private @Nullable Recording unreadNorm;

  private @Nullable SharedInputs shared;
  private @Nullable Recording merge;
  private @Nullable Tensor merged;

  /** Layers up to a branch, or the last ones. */
  private static final class Segment {
    private final LayerStack layers;

    /** Where the next segment and the branch begin. */
    private final Boundary end = new Boundary();

    private final Boundary afterBranch = new Boundary();

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
    this.runsAgain = runsAgain;
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
    List<Tensor> prepared = vision.prepared(graph, pixels);
    patches = graph.record(() -> embedded = vision.patches().forward(graph, prepared.get(0), leaf));
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
              Tensor result = vision.finish(graph, last);
              keep(result);
              Tensor images = vision.project(graph, result);
              keep(images);
              prepared.forEach(graph::release);
              merged =
                  graph.rebind(
                      images, embeddings, VisionModule.merge(graph, embeddings, images, tokens));
            });
    return Objects.requireNonNull(merged);
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
      unread = new LayerStack(graph, vision.settings(), inputs, sharding);
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
      Segment segment = new Segment(new LayerStack(graph, vision.settings(), inputs, sharding));
      segments.add(segment);
      hidden = segment.layers.forward(layers.get(i), hidden);
      if (i < layers.size() - 1) {
        hidden = branchOff(segment, i, hidden);
      }
    }
    return hidden;
  }

  private Tensor branchOff(Segment segment, int index, Tensor hidden) {
    Tensor shared = graph.enter(hidden, segment.end);
    segment.output = shared;
    segment.branch = graph.record(() -> segment.features = vision.branch(graph, index, shared));
    Tensor features = Objects.requireNonNull(segment.features);
    keep(features);
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
  }

  /**
   * The model returns what its tower made beside its logits ({@code image_outputs} of transformers
   * 5.24; 4.57 returns less).
   */
  private void keep(Tensor tensor) {
    if (vision.settings().code().version().atLeast(5, 24)) {
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
    return afterEmbedding.take();
  }

  /** Takes over the gradient of the last layer's result and gives that of the patches, or null. */
  private @Nullable Tensor backThrough(@Nullable Tensor gradient) {
    Tensor current = gradient;
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      current = i == segments.size() - 1 ? current : joined(segment, current);
      current = current == null ? null : segment.layers.backward(current);
    }
    return current;
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
