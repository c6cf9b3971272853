package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.module.part.InputLeaf;
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

  /** What the forward pass leaves for the backward pass; null until it has run. */
  private @Nullable Recording patches;

  private @Nullable Tensor embedded;
  private @Nullable SharedInputs shared;
  private @Nullable LayerStack stack;
  private @Nullable Recording merge;
  private @Nullable Tensor merged;

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
    this.leaf = requiresGrad && !vision.patches().trains() ? new InputLeaf() : null;
  }

  /**
   * The embeddings with the tokens of images among them.
   *
   * @param text embeddings of a batch of tokens, which it takes over
   * @param pixels of all images, which stay the caller's
   */
  Tensor forward(Tensor text, Tensor pixels, long tokens) {
    Tensor embeddings = graph.enter(text, afterEmbedding);
    patches = graph.record(() -> embedded = vision.patches().forward(graph, pixels, leaf));
    SharedInputs inputs = SharedInputs.ofImages(graph, vision.settings(), vision.rotatedFeatures());
    shared = inputs;
    LayerStack layers = new LayerStack(graph, vision.settings(), inputs, sharding);
    stack = layers;
    Tensor hidden = layers.forward(vision.layers(), Objects.requireNonNull(embedded));
    if (!runsAgain) {
      inputs.release(graph);
    }
    Tensor last = graph.enter(hidden, afterLayers);
    merge =
        graph.record(
            () -> {
              Tensor result = vision.finish(graph, last);
              keep(result);
              Tensor images = vision.project(graph, result);
              keep(images);
              merged =
                  graph.rebind(
                      images, embeddings, VisionModule.merge(graph, embeddings, images, tokens));
            });
    return Objects.requireNonNull(merged);
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

  /** The model's outputs are dropped. */
  void dropReturned() {
    returned.forEach(graph::release);
    returned.clear();
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
    Tensor ofLayers = afterLayers.take();
    Tensor first = ofLayers == null ? null : Objects.requireNonNull(stack).backward(ofLayers);
    Tensor input = Objects.requireNonNull(embedded);
    if (first != null && input.requiresGrad()) {
      graph.send(input, first);
      graph.backward(Objects.requireNonNull(patches));
    } else if (first != null) {
      graph.release(first);
    }
    return afterEmbedding.take();
  }

  /** The backward pass of the whole model has run. */
  void end() {
    Objects.requireNonNull(stack).dropInputs();
    if (runsAgain) {
      Objects.requireNonNull(shared).release(graph);
    }
    if (leaf != null) {
      leaf.release(graph);
    }
  }
}
