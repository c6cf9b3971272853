package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.trace.ModuleScope;
import org.jspecify.annotations.Nullable;

/**
 * Pixels to patches (transformers SiglipVisionEmbeddings): a convolution, and positions.
 *
 * @param positions null where none are learned
 */
public record PatchModule(
    ModuleScope scope,
    StepSettings settings,
    PatchEmbedding embedding,
    Parameter weight,
    @Nullable Parameter bias,
    @Nullable Parameter positions) {

  /** Puts the parameters onto the trace. */
  public static PatchModule load(
      ModuleFactory modules, StepSettings settings, PatchEmbedding embedding) {
    long out = embedding.projection().out();
    Parameter weight =
        modules.layerParameter("patch embedding", embedding.projection().weightCount(), out);
    Parameter bias =
        embedding.projection().bias() ? modules.layerParameter("biases", out, 1) : null;
    Parameter positions =
        embedding
            .positions()
            .map(PatchEmbedding.Positions::table)
            .map(table -> modules.layerParameter("positions", table.count(), table.shape().get(0)))
            .orElse(null);
    ModuleScope scope = modules.site().module().own("", "VisionEmbeddings.forward");
    return new PatchModule(scope, settings, embedding, weight, bias, positions);
  }

  /** Whether the output of the convolution can be made to require a gradient of itself. */
  public boolean takesLeaf() {
    return embedding.isInputEmbedding() && !weight.trainable();
  }

  /**
   * Hidden states of all patches; the pixels stay the caller's.
   *
   * @param leaf takes the gradient of the convolution's output where that is made to require one;
   *     null where it is not
   */
  public Tensor forward(Graph g, Tensor pixels, @Nullable InputLeaf leaf) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(patches(g, pixels, leaf));
    }
  }

  private Tensor patches(Graph g, Tensor pixels, @Nullable InputLeaf leaf) {
    long width = embedding.projection().out();
    Tensor narrow = Pointwise.cast(g, pixels, weight.dtype(), "pixels");
    Tensor input = g.rebind(narrow, Pointwise.lowered(g, narrow));
    Tensor operand = Pointwise.lowered(g, weight.value());
    Tensor offset = bias == null ? null : Pointwise.lowered(g, bias.value());
    Tensor hidden =
        ShapeOps.convolution(
            g, input, operand, offset, settings.tokens() * width, "hidden states of patches");
    g.release(input, operand);
    if (offset != null) {
      g.release(offset);
    }
    if (leaf != null) {
      hidden = leaf.take(g, hidden, positions == null && !embedding.reordered());
    }
    Tensor placed = positions == null ? hidden : withPositions(g, hidden, positions);
    return embedding.reordered() ? VisionOps.reordered(g, placed) : placed;
  }

  /** A table of fixed positions is looked up once for all images, an interpolated one for each. */
  private Tensor withPositions(Graph g, Tensor hidden, Parameter table) {
    int taps = embedding.positions().map(PatchEmbedding.Positions::taps).orElse(1);
    Tensor rows =
        taps == 1
            ? VisionOps.positions(g, table.value(), table.elements())
            : interpolated(g, hidden, table, taps);
    return g.rebind(hidden, rows, Pointwise.add(g, hidden, rows, "hidden states of patches"));
  }

  /** transformers Qwen3VLVisionModel.forward: rows times weights in fp32, summed. */
  private static Tensor interpolated(Graph g, Tensor hidden, Parameter table, int taps) {
    long elements = hidden.elements() * taps;
    Tensor rows = VisionOps.positions(g, table.value(), elements);
    Tensor weighted = g.rebind(rows, VisionOps.weighted(g, rows));
    Tensor sum = g.rebind(weighted, ShapeOps.sum(g, weighted, hidden.elements(), "positions"));
    return g.rebind(sum, Pointwise.cast(g, sum, hidden.dtype(), "positions"));
  }
}
