package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchEmbedding.InputEmbedding;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pixels to patches (transformers SiglipVisionEmbeddings, CLIPVisionEmbeddings): a convolution or a
 * linear layer, a class token, positions and a norm.
 *
 * @param weight of the convolution; null where a linear layer is in its place
 * @param linear null where there is a convolution
 * @param others what not every tower has
 */
public record PatchModule(
    ModuleScope scope,
    StepSettings settings,
    PatchEmbedding embedding,
    @Nullable Parameter weight,
    @Nullable Parameter bias,
    @Nullable Projection linear,
    Others others)
    implements TowerEmbedding {

  /** Each null where there is none. */
  record Others(
      @Nullable Parameter classToken,
      @Nullable Parameter positions,
      @Nullable Norms norm,
      @Nullable Convolution second,
      List<Norms> around) {}

  /** Puts the parameters onto the trace. */
  public static PatchModule load(
      ModuleFactory modules, StepSettings settings, PatchEmbedding embedding) {
    long out = embedding.projection().out();
    List<Norms> around = embedding.around().stream().map(modules::finalNorm).toList();
    Projection linear = embedding.isLinear() ? modules.projection(embedding.projection()) : null;
    boolean convolves = linear == null;
    Parameter weight =
        convolves
            ? modules.kernel("patch embedding", embedding.projection().weightCount(), out)
            : null;
    Parameter bias =
        convolves && embedding.projection().bias()
            ? modules.layerParameter("biases", out, 1)
            : null;
    Parameter token =
        embedding
            .classToken()
            .map(each -> modules.layerParameter("class token", each.count(), 1))
            .orElse(null);
    Convolution second =
        embedding.sound().map(each -> Convolution.load(modules, each.second())).orElse(null);
    Parameter positions =
        second != null
            ? modules.frozen(true, () -> positions(modules, embedding))
            : positions(modules, embedding);
    Norms norm = embedding.norm().map(modules::finalNorm).orElse(null);
    ModuleScope scope = modules.site().module().own("", "VisionEmbeddings.forward");
    return new PatchModule(
        scope,
        settings,
        embedding,
        weight,
        bias,
        linear,
        new Others(token, positions, norm, second, around));
  }

  private static @Nullable Parameter positions(ModuleFactory modules, PatchEmbedding embedding) {
    return embedding
        .positions()
        .map(PatchEmbedding.Positions::table)
        .map(
            table ->
                table.group() == TensorGroup.FIXED_WIDE_TOWER
                    ? modules.wideParameter("positions", table.count(), rows(table))
                    : modules.layerParameter(
                        "positions", table.count(), rows(table), IdleTower.use(table)))
        .orElse(null);
  }

  private static long rows(ParameterTensor table) {
    return table.shape().get(0);
  }

  @Override
  public boolean takesLeaf() {
    return embedding.inputEmbedding() != InputEmbedding.NONE && !trains();
  }

  private boolean trains() {
    if (linear == null) {
      return Objects.requireNonNull(weight).trainable();
    }
    boolean dense = linear.base() instanceof DenseLinear own && own.weight().trainable();
    return dense || linear.adapter() != null;
  }

  @Override
  public DataType dtype() {
    return weight == null ? settings.baseDtype() : weight.dtype();
  }

  @Override
  public Tensor forward(Graph g, Tensor pixels, @Nullable InputLeaf leaf) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(patches(g, pixels, leaf));
    }
  }

  private Tensor patches(Graph g, Tensor pixels, @Nullable InputLeaf leaf) {
    Tensor hidden =
        linear == null
            ? convolved(g, pixels, Objects.requireNonNull(weight))
            : multiplied(g, pixels, linear, embedding.way());
    if (leaf != null && embedding.inputEmbedding() == InputEmbedding.CONVOLUTION) {
      hidden = leaf.take(g, hidden, isFirstLayersInput());
    }
    Convolution second = others.second();
    if (second != null) {
      hidden = shortened(g, hidden, second);
    }
    Parameter token = others.classToken();
    if (token != null) {
      hidden = g.rebind(hidden, led(g, token, hidden));
    }
    Parameter table = others.positions();
    Norms norm = others.norm();
    boolean normedFirst = norm != null && normsFirst();
    if (norm != null && normedFirst) {
      hidden = g.rebind(hidden, norm.forward(g, hidden));
    }
    if (table != null) {
      hidden = withPositions(g, hidden, table);
    }
    if (leaf != null && embedding.inputEmbedding() == InputEmbedding.WITH_POSITIONS) {
      hidden = leaf.take(g, hidden, true);
    }
    hidden = inOrder(g, hidden);
    return norm == null || normedFirst ? hidden : g.rebind(hidden, norm.forward(g, hidden));
  }

  private boolean normsFirst() {
    return embedding
        .positions()
        .map(PatchEmbedding.Positions::code)
        .filter(
            code ->
                code == PatchEmbedding.Positions.Code.SAMPLED
                    || code == PatchEmbedding.Positions.Code.LOOKED_UP_BEHIND_NORM)
        .isPresent();
  }

  /** {@code input_proj((2 * (pixels - 0.5)).to(weight.dtype))}; quantised weights are integers. */
  private Tensor multiplied(Graph g, Tensor pixels, Projection linear, PatchEmbedding.Way way) {
    if (way == PatchEmbedding.Way.UNFOLDED) {
      Tensor unfolded = Pointwise.copy(g, pixels, "unfolded pixels");
      return g.rebind(unfolded, linear.forward(g, unfolded));
    }
    if (way == PatchEmbedding.Way.NORMED) {
      return betweenNorms(g, pixels, linear);
    }
    Tensor scaled = way == PatchEmbedding.Way.LINEAR ? pixels.hold() : centred(g, pixels);
    boolean floats = linear.base() instanceof DenseLinear;
    Tensor input =
        g.rebind(scaled, floats ? Pointwise.cast(g, scaled, dtype(), "pixels") : scaled.hold());
    return g.rebind(input, linear.forward(g, input));
  }

  private static Tensor centred(Graph g, Tensor pixels) {
    Tensor centred = Pointwise.scale(g, pixels, "pixels");
    return g.rebind(centred, Pointwise.scale(g, centred, "pixels"));
  }

  /** {@code patch_ln2(patch_dense(patch_ln1(pixels.to(weight.dtype))))}. */
  private Tensor betweenNorms(Graph g, Tensor pixels, Projection linear) {
    boolean floats = linear.base() instanceof DenseLinear;
    Tensor input = floats ? Pointwise.cast(g, pixels, dtype(), "pixels") : pixels.hold();
    Tensor normed = g.rebind(input, others.around().get(0).forward(g, input));
    Tensor hidden = g.rebind(normed, linear.forward(g, normed));
    return g.rebind(hidden, others.around().get(1).forward(g, hidden));
  }

  private Tensor convolved(Graph g, Tensor pixels, Parameter weight) {
    Tensor narrow = Pointwise.cast(g, pixels, weight.dtype(), "pixels");
    Tensor input = g.rebind(narrow, Pointwise.lowered(g, narrow));
    Tensor operand = Pointwise.lowered(g, weight.value());
    Tensor offset = bias == null ? null : Pointwise.lowered(g, bias.value());
    long inputs = embedding.sound().map(PatchEmbedding.Sound::bands).orElse(0);
    // Pixels behind the last whole patch of a row or column are in none.
    long rows =
        inputs > 0
            ? pixels.elements() / inputs
            : Math.min(pixels.elements() / embedding.values(), settings.tokens());
    long elements = rows * embedding.projection().out();
    Tensor hidden =
        ShapeOps.convolution(g, input, operand, offset, elements, "hidden states of patches");
    g.release(input, operand);
    if (offset != null) {
      g.release(offset);
    }
    return hidden;
  }

  /** {@code gelu(conv2(gelu(frames)))}; takes over the frames. */
  private static Tensor shortened(Graph g, Tensor frames, Convolution second) {
    Tensor activated = g.rebind(frames, Activations.apply(g, Activation.GELU, frames));
    long kept = frames.elements() / 2;
    Tensor convolved = g.rebind(activated, second.forward(g, activated, kept, "frames of sound"));
    return g.rebind(convolved, Activations.apply(g, Activation.GELU, convolved));
  }

  private boolean isFirstLayersInput() {
    return others.classToken() == null
        && others.positions() == null
        && others.norm() == null
        && embedding.order() == PatchEmbedding.Order.AS_THEY_ARE;
  }

  /** {@code cat([class_embeds, patch_embeds])}, the first expanded over images. */
  private Tensor led(Graph g, Parameter token, Tensor hidden) {
    long elements = settings.batch() * embedding.projection().out();
    Tensor expanded = ShapeOps.expand(g, token.value().hold(), elements);
    return g.rebind(
        expanded, ShapeOps.concatenate(g, "hidden states of patches", hidden, expanded));
  }

  private Tensor inOrder(Graph g, Tensor hidden) {
    return switch (embedding.order()) {
      case AS_THEY_ARE, IN_TILES -> hidden;
      case IN_WINDOWS -> VisionOps.reordered(g, hidden);
      case IN_ONE_SEQUENCE ->
          g.rebind(hidden, ShapeOps.concatenate(g, "hidden states of patches", hidden));
    };
  }

  private Tensor withPositions(Graph g, Tensor hidden, Parameter table) {
    Tensor rows =
        switch (embedding.positions().orElseThrow().code()) {
          case LOOKED_UP, LOOKED_UP_BEHIND_NORM ->
              VisionOps.positions(g, table.value(), table.elements());
          case LOOKED_UP_BY_IMAGE -> VisionOps.positions(g, table.value(), hidden.elements());
          case WHOLE, IN_FP32 -> table.value().hold();
          case INTERPOLATED -> interpolated(g, hidden, table);
          case RESIZED -> resized(g, table);
          case SAMPLED -> VisionOps.sampled(g, table.value(), hidden.elements());
          case STRETCHED -> {
            long size = embedding.projection().out();
            yield PositionOps.stretched(
                g, table.value(), table.elements() - size, hidden, settings.batch());
          }
          case WEIGHTED -> PositionOps.weighted(g, table.value(), hidden);
          case BY_AXIS -> byAxis(g, hidden, table);
          case BY_AXES_AT_ONCE -> byAxes(g, hidden, table);
        };
    DataType dtype = hidden.dtype();
    Tensor sum = g.rebind(hidden, rows, Pointwise.add(g, hidden, rows, "hidden states of patches"));
    boolean back =
        embedding.positions().orElseThrow().code() == PatchEmbedding.Positions.Code.IN_FP32;
    return back ? g.rebind(sum, Pointwise.cast(g, sum, dtype, "hidden states of patches")) : sum;
  }

  private Tensor resized(Graph g, Parameter table) {
    long size = embedding.projection().out();
    return settings.code().seesImagesAtOnce()
        ? VisionOps.resized(g, table.value(), settings.tokens(), size)
        : VisionOps.stretched(g, table.value(), settings.tokens() * size, settings.batch());
  }

  /** transformers Gemma4VisionPatchEmbedder: {@code where(padding, 0, columns + rows)}. */
  private static Tensor byAxis(Graph g, Tensor hidden, Parameter table) {
    Tensor columns = VisionOps.positions(g, table.value(), hidden.elements());
    Tensor rows = VisionOps.positions(g, table.value(), hidden.elements());
    try (Scope scope = Scope.of(g)) {
      scope.own(columns, rows);
      Tensor sum = scope.own(Pointwise.add(g, columns, rows, "positions"));
      return Pointwise.scale(g, sum, "positions");
    }
  }

  /** transformers Gemma4UnifiedVisionEmbedder: {@code (table[places, axes] * valid).sum(-2)}. */
  private static Tensor byAxes(Graph g, Tensor hidden, Parameter table) {
    Tensor rows = VisionOps.indexed(g, table.value(), 2 * hidden.elements(), "positions");
    Tensor valid = g.rebind(rows, Pointwise.scale(g, rows, "positions"));
    return g.rebind(valid, ShapeOps.sum(g, valid, hidden.elements(), "positions"));
  }

  /** transformers Qwen3VLVisionModel.forward: four rows times weights in fp32, summed. */
  private static Tensor interpolated(Graph g, Tensor hidden, Parameter table) {
    Tensor rows = VisionOps.positions(g, table.value(), 4 * hidden.elements());
    Tensor weighted = g.rebind(rows, VisionOps.weighted(g, rows));
    Tensor sum = g.rebind(weighted, ShapeOps.sum(g, weighted, hidden.elements(), "positions"));
    return g.rebind(sum, Pointwise.cast(g, sum, hidden.dtype(), "positions"));
  }
}
