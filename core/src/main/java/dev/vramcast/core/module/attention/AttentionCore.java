package dev.vramcast.core.module.attention;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.EfficientKernel;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.units.DataType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens between the projections: the kernel itself and the copies around it.
 *
 * @param keys tokens of a sequence that each of its queries may see
 */
record AttentionCore(HeadShape shape, StepSettings settings, long keys) {

  /** Tokens that see each other. */
  AttentionCore(HeadShape shape, StepSettings settings) {
    this(shape, settings, settings.sequence());
  }

  /**
   * Attends.
   *
   * @param heads query, key and value; they stay the caller's
   * @param contiguousHeads query and key lie by heads, not by tokens
   */
  Tensor forward(Graph g, Tensor[] heads, SharedInputs shared, boolean contiguousHeads) {
    boolean slides = shape.slidingWindow() > 0 && !settings.code().keepsMaskPerLayer();
    Tensor full = shared.masks().full();
    if (slides && settings.code().alwaysMasks() && full != null) {
      Tensor own = Pointwise.detached(g, full.elements(), full.dtype(), "attention mask");
      return g.rebind(own, attend(g, heads, own, shared, contiguousHeads));
    }
    return attend(g, heads, slides ? shared.masks().sliding() : full, shared, contiguousHeads);
  }

  /**
   * Scales queries, and copies queries, keys and values to lie by heads, in place of the arguments
   * (transformers WhisperAttention.forward).
   */
  static void layByHeads(Graph g, Tensor[] heads) {
    heads[0] = g.rebind(heads[0], Pointwise.scale(g, heads[0], "scaled queries"));
    for (int i = 0; i < 3; i++) {
      Tensor view = ShapeOps.viewByHeads(g, heads[i]);
      heads[i] = g.rebind(view, Pointwise.copy(g, view, "heads"));
    }
  }

  /** As {@link #forward}, with a mask of its own. */
  Tensor attend(
      Graph g,
      Tensor[] heads,
      @Nullable Tensor mask,
      SharedInputs shared,
      boolean contiguousHeads) {
    if (mask != null && settings.masksGroups() && shape.heads() != shape.kvHeads()) {
      return new WrittenOutAttention(shape, settings).forward(g, heads, mask);
    }
    return switch (settings.attention()) {
      case EAGER -> new EagerAttention(ops()).forward(g, heads, mask, shared, contiguousHeads);
      case FLASH -> fused(g, heads, null, contiguousHeads, repeatsBeforeFlash(), false);
      case FLEX -> fused(g, heads, null, contiguousHeads, settings.expandsHeads(), false);
      case SDPA ->
          fused(
              g,
              heads,
              mask,
              contiguousHeads,
              repeatsBeforeSdpa(mask),
              settings.code().copiesBeforeSdpa());
    };
  }

  private Tensor fused(
      Graph g,
      Tensor[] heads,
      @Nullable Tensor mask,
      boolean contiguousHeads,
      boolean repeats,
      boolean copies) {
    int groups = repeats ? shape.heads() / shape.kvHeads() : 1;
    try (Scope scope = Scope.of(g)) {
      Tensor query =
          scope.own(
              copies && !contiguousHeads
                  ? Pointwise.copy(g, heads[0], "queries")
                  : heads[0].hold());
      Tensor key = scope.own(prepared(g, heads[1], groups, copies && !contiguousHeads, "keys"));
      Tensor value = scope.own(prepared(g, heads[2], groups, copies, "values"));
      Tensor[] inputs = {
        Pointwise.lowered(g, query), Pointwise.lowered(g, key), Pointwise.lowered(g, value)
      };
      int kvHeads = groups == 1 ? shape.kvHeads() : shape.heads();
      AttentionOps.Shape kernel = kernelShape(kvHeads);
      Optional<EfficientKernel> efficient = settings.card().efficient();
      boolean flash = mask == null && takesFlash(inputs[0]);
      Tensor result;
      if (SharedSequence.isShared(settings)) {
        result = new SharedSequence(shape, kvHeads, settings).attend(g, inputs, contiguousHeads);
      } else if (usesMath(inputs[0], mask, groups)) {
        result = new MathAttention(ops()).forward(g, inputs);
      } else if (flash && !settings.recomputesAttention()) {
        result = AttentionOps.flash(g, inputs[0], inputs[1], inputs[2], kernel);
      } else if (mask == null) {
        result = AttentionOps.efficient(g, inputs, null, kernel, efficient);
      } else {
        Tensor additive = additiveMask(g, mask, inputs[0].dtype(), keys);
        result = g.rebind(additive, AttentionOps.efficient(g, inputs, additive, kernel, efficient));
      }
      for (Tensor input : inputs) {
        g.release(input);
      }
      boolean dense = flash && !SharedSequence.givesTokens(settings);
      boolean byHeads = (copies || contiguousHeads) && dense || ops().broadcasts();
      if (byHeads) {
        result = g.rebind(result, Pointwise.copy(g, result, "attention outputs by token"));
      }
      return result;
    }
  }

  private boolean repeatsBeforeSdpa(@Nullable Tensor mask) {
    if (ops().broadcasts()) {
      return settings.expandsHeads();
    }
    boolean masked = mask != null && !SharedSequence.isShared(settings);
    return masked
        || !settings.code().groupedSdpa()
        || settings.expandsHeads()
        || settings.code().repeatsForWideHeads() && !shape.fitsFlash();
  }

  private boolean repeatsBeforeFlash() {
    return settings.code().repeatsBeforeFlash() || settings.expandsHeads();
  }

  /**
   * Flash kernels take neither fp32 nor wide heads, the memory-efficient one no grouped keys, and
   * none takes keys that are fewer than queries without being said to be grouped ({@code
   * check_batch_size_and_num_heads_dense} in aten/src/ATen/native/transformers/cuda/ sdp_utils.cpp,
   * 2.5 to 2.13 as read): SDPA is written out.
   */
  private boolean usesMath(Tensor query, @Nullable Tensor mask, int groups) {
    boolean grouped = groups == 1 && shape.heads() != shape.kvHeads();
    boolean kernel = !ops().broadcasts() && (mask != null || takesFlash(query));
    return settings.attention() == AttentionKernel.SDPA && grouped && !kernel;
  }

  /** Whether the heads fit a flash kernel; SDPA hands what the card has none for to the other. */
  private boolean takesFlash(Tensor query) {
    boolean takes =
        settings.attention() != AttentionKernel.SDPA
            || settings.card().takesFlash(query.dtype(), shape.headSize());
    return shape.fitsFlash() && takes;
  }

  private Tensor prepared(Graph g, Tensor x, int groups, boolean copies, String name) {
    return groups == 1 && copies
        ? Pointwise.copy(g, x, name)
        : ops().repeated(g, x, groups, copies, name);
  }

  /**
   * A boolean mask becomes a new additive one in every call (pytorch convert_boolean_attn_mask),
   * and so does one whose rows are not aligned (pad_bias).
   */
  static Tensor additiveMask(Graph g, Tensor mask, DataType dtype, long keys) {
    long row = (keys + 15) / 16 * 16;
    boolean padded = row != keys;
    Tensor additive =
        mask.dtype() == dtype
            ? mask.hold()
            : Pointwise.detachedCast(g, mask, dtype, "attention mask");
    if (!padded) {
      return additive;
    }
    try (Scope scope = Scope.of(g)) {
      scope.own(additive);
      return Pointwise.detached(g, mask.elements() / keys * row, dtype, "attention mask");
    }
  }

  private AttentionOps.Shape kernelShape(int kvHeads) {
    return new AttentionOps.Shape(
        settings.batch(),
        settings.sequence(),
        shape.heads(),
        kvHeads,
        shape.headSize(),
        shape.valueSize());
  }

  HeadOps ops() {
    return new HeadOps(shape, settings, keys);
  }
}
