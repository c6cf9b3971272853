package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.function.Consumer;

/** Averages of squares of patches, found by where they stand (transformers Gemma4VisionPooler). */
public final class PoolOps {

  private static final String POOLED = "pooled patches";

  private static final Operation PUT =
      Operation.of("aten::index_add_").backward("aten::index_select");

  private PoolOps() {}

  /**
   * The averages that show something, in the dtype of the patches, which it takes over.
   *
   * @param settings the tower's
   * @param tokens of all images
   */
  public static Tensor pooled(
      Graph g, Tensor patches, PatchPool.Averaged pool, StepSettings settings, long tokens) {
    DataType dtype = patches.dtype();
    long width = patches.elements() / settings.tokens();
    Tensor filled = g.rebind(patches, Pointwise.scale(g, patches, "hidden states of patches"));
    Tensor averages = g.rebind(filled, averaged(g, filled, pool, settings));
    Tensor narrow = g.rebind(averages, Pointwise.cast(g, averages, dtype, POOLED));
    Tensor wide = g.rebind(narrow, Pointwise.cast(g, narrow, DataType.FP32, POOLED));
    Tensor scaled = g.rebind(wide, Pointwise.scale(g, wide, POOLED));
    Tensor kept = g.rebind(scaled, chosen(g, scaled, tokens * width));
    if (pool.standardised()) {
      Tensor centred = g.rebind(kept, Pointwise.scale(g, kept, POOLED));
      kept = g.rebind(centred, Pointwise.scale(g, centred, POOLED));
    }
    return g.rebind(kept, Pointwise.cast(g, kept, dtype, POOLED));
  }

  /** {@code one_hot(places).float() / side**2}, times the patches in fp32. */
  private static Tensor averaged(
      Graph g, Tensor patches, PatchPool.Averaged pool, StepSettings settings) {
    long places = settings.sequence() / pool.side() / pool.side();
    long shares = settings.tokens() * places;
    Tensor ones = Pointwise.detached(g, shares, DataType.INT64, "places of patches");
    Tensor wideOnes = Pointwise.detached(g, shares, DataType.FP32, "places of patches");
    g.release(ones);
    try (Scope scope = Scope.of(g)) {
      Tensor weights =
          scope.own(
              g.rebind(
                  wideOnes, Pointwise.detached(g, shares, DataType.FP32, "shares of patches")));
      Tensor wide =
          scope.own(Pointwise.cast(g, patches, DataType.FP32, "hidden states of patches"));
      Tensor left = scope.own(Pointwise.lowered(g, weights));
      Tensor right = scope.own(Pointwise.lowered(g, wide));
      long elements = patches.elements() / settings.sequence() * places;
      return Matrix.product(g, left, right, elements, POOLED);
    }
  }

  /**
   * Means of two states each; takes over {@code states}.
   *
   * @param byIndex both are taken out, not pooled
   * @param elements of the result
   */
  static Tensor pairs(Graph g, Tensor states, boolean byIndex, long elements) {
    if (!byIndex) {
      // avg_pool1d of states that lie by token reads a copy that lies by feature.
      Tensor turned = Pointwise.detached(g, states.elements(), states.dtype(), POOLED);
      g.release(turned);
      return g.rebind(states, VisionOps.pooled(g, states, elements));
    }
    Tensor even = VisionOps.indexed(g, states, elements, POOLED);
    Tensor odd = VisionOps.indexed(g, states, elements, POOLED);
    Tensor sum = g.rebind(even, odd, Pointwise.add(g, even, odd, POOLED));
    return g.rebind(states, sum, Pointwise.scale(g, sum, POOLED));
  }

  /**
   * Means over frames in fp32, brought back to the dtype of the patches, which it takes over.
   *
   * @param keep is given the patches, which the tower's outputs hold
   */
  static Tensor frames(Graph g, Tensor patches, Consumer<Tensor> keep) {
    try (Scope names = Scope.of(g)) {
      names.own(patches);
      keep.accept(patches);
      Tensor zeros = names.own(Pointwise.detached(g, patches.elements(), DataType.FP32, POOLED));
      Tensor wide = Pointwise.cast(g, patches, DataType.FP32, POOLED);
      Tensor shares = g.rebind(wide, Pointwise.scale(g, wide, POOLED));
      Node node = g.node(PUT, Pointwise.LIKE_INPUT, shares);
      // The gradient is brought to the source's shape, so the source is saved.
      g.save(node, shares);
      Tensor means = node == null ? zeros.hold() : g.withSource(zeros.hold(), node);
      g.release(shares);
      return g.rebind(means, Pointwise.cast(g, means, patches.dtype(), POOLED));
    }
  }

  /** {@code x[mask]}: the gradient is put into zeros. */
  private static Tensor chosen(Graph g, Tensor x, long elements) {
    Node node = g.node(Aten.INDEX, Pointwise.LIKE_INPUT, x);
    return g.output(POOLED, Category.ACTIVATIONS, elements, x.dtype(), node);
  }

  /**
   * {@code pad} by nothing, which copies, and another order, whose gradients are copied back. The
   * argument stays the caller's.
   */
  static Tensor squares(Graph g, Tensor x) {
    Tensor padded = ShapeOps.resized(g, x, x.elements(), "padded patches");
    Tensor turned = ShapeOps.viewByHeads(g, padded);
    return g.rebind(turned, Pointwise.copy(g, turned, "squares of patches"));
  }

  /** {@code softmax} of logits, which autocast runs in fp32: saves its result. */
  static Tensor probabilities(Graph g, Tensor logits) {
    Tensor input = Pointwise.widened(g, logits, "logits of visual words");
    Node node = g.node(Aten.SOFTMAX, Pointwise.LIKE_INPUT, input);
    Tensor result =
        g.output(
            "probabilities of visual words",
            Category.ACTIVATIONS,
            input.elements(),
            input.dtype(),
            node);
    g.save(node, result);
    g.release(input);
    return result;
  }
}
