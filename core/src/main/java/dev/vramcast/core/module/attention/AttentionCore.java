package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.HeadSharing;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.autograd.op.SinkOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;
import java.util.Objects;
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
    boolean slides = shape.slidingWindow() > 0;
    Tensor full = shared.fullMask();
    if (slides && settings.code().alwaysMasks() && full != null) {
      Tensor own = Pointwise.detached(g, full.elements(), full.dtype(), "attention mask");
      return g.rebind(own, attend(g, heads, own, shared, contiguousHeads));
    }
    return attend(g, heads, slides ? shared.slidingMask() : full, shared, contiguousHeads);
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
      case EAGER -> eager(g, heads, mask, shared, contiguousHeads);
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
      Tensor result;
      if (SharedSequence.isShared(settings)) {
        result = new SharedSequence(shape, kvHeads, settings).attend(g, inputs, contiguousHeads);
      } else if (usesMath(inputs[0], mask, groups)) {
        result = math(g, inputs);
      } else if (mask == null && shape.fitsFlash() && !settings.recomputesAttention()) {
        result = AttentionOps.flash(g, inputs[0], inputs[1], inputs[2], kernel);
      } else if (mask == null) {
        result = AttentionOps.efficient(g, inputs[0], inputs[1], inputs[2], null, kernel);
      } else {
        Tensor additive = additiveMask(g, mask, inputs[0].dtype());
        result =
            g.rebind(
                additive,
                AttentionOps.efficient(g, inputs[0], inputs[1], inputs[2], additive, kernel));
      }
      for (Tensor input : inputs) {
        g.release(input);
      }
      boolean dense = mask == null && shape.fitsFlash() && !SharedSequence.givesTokens(settings);
      boolean byHeads = (copies || contiguousHeads) && dense || broadcasts();
      if (byHeads) {
        result = g.rebind(result, Pointwise.copy(g, result, "attention outputs by token"));
      }
      return result;
    }
  }

  private boolean repeatsBeforeSdpa(@Nullable Tensor mask) {
    if (broadcasts()) {
      return settings.expandsHeads();
    }
    boolean masked = mask != null && !SharedSequence.isShared(settings);
    return masked
        || !settings.code().groupedSdpa()
        || settings.expandsHeads()
        || settings.code().repeatsForWideHeads() && !shape.fitsFlash();
  }

  /** Keys and values come to SDPA with one head, which is not said to be shared. */
  private boolean broadcasts() {
    return settings.code().headSharing() == HeadSharing.BROADCAST;
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
    boolean flash = query.dtype() != DataType.FP32 && shape.fitsFlash();
    boolean kernel = !broadcasts() && (mask != null || flash);
    return settings.attention() == AttentionKernel.SDPA && grouped && !kernel;
  }

  /**
   * pytorch _scaled_dot_product_attention_math (aten/src/ATen/native/transformers/attention.cpp):
   * all in fp32, scaled operands, a softmax that saves its result.
   */
  private Tensor math(Graph g, Tensor[] inputs) {
    Tensor[] wide = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      wide[i] = Pointwise.cast(g, inputs[i], DataType.FP32, "attention inputs in fp32");
    }
    try (Scope scope = Scope.of(g)) {
      scope.own(wide);
      Tensor result = broadcasts() ? broadcastMath(g, wide) : groupedMath(g, wide);
      return g.rebind(result, Pointwise.cast(g, result, inputs[0].dtype(), "attention outputs"));
    }
  }

  /** Products expand the single head, which of several sequences is a copy. */
  private Tensor broadcastMath(Graph g, Tensor[] inputs) {
    int groups = shape.heads() / shape.kvHeads();
    boolean copies = settings.batch() > 1;
    Tensor scaled = Pointwise.scale(g, inputs[0], "scaled queries");
    Tensor query = copies ? g.rebind(scaled, Pointwise.copy(g, scaled, "scaled queries")) : scaled;
    Tensor small = Pointwise.scale(g, inputs[1], "scaled keys");
    Tensor key = g.rebind(small, repeated(g, small, groups, copies, "scaled keys"));
    Tensor weights = mathWeights(g, query, key);
    Tensor value = repeated(g, inputs[2], groups, copies, "values");
    return g.rebind(
        weights, value, Matrix.product(g, weights, value, outputElements(), "attention outputs"));
  }

  /** With dropout, whose mask is saved beside its result; takes over both. */
  private Tensor mathWeights(Graph g, Tensor query, Tensor key) {
    Tensor raw = g.rebind(query, key, Matrix.product(g, query, key, scores(), "attention scores"));
    Tensor masked = g.rebind(raw, Pointwise.scale(g, raw, "attention scores"));
    Tensor weights =
        g.rebind(
            masked, Pointwise.savingResult(g, Aten.SOFTMAX, masked, "attention weights in fp32"));
    return g.rebind(weights, dropped(g, weights));
  }

  /** Causal; the function names its mask, and the keys and values of all heads, to its end. */
  private Tensor groupedMath(Graph g, Tensor[] inputs) {
    int groups = shape.heads() / shape.kvHeads();
    try (Scope scope = Scope.of(g)) {
      Tensor query = scope.own(Pointwise.scale(g, inputs[0], "scaled queries"));
      long pairs = settings.sequence() * keys;
      scope.own(Pointwise.detached(g, pairs, query.dtype(), "attention mask"));
      Tensor allKeys = scope.own(AttentionOps.repeatHeads(g, inputs[1], groups, "keys"));
      Tensor value = scope.own(AttentionOps.repeatHeads(g, inputs[2], groups, "values"));
      Tensor key = Pointwise.scale(g, allKeys, "scaled keys");
      Tensor weights = scope.own(mathWeights(g, query.hold(), key));
      return Matrix.product(g, weights, value, outputElements(), "attention outputs");
    }
  }

  private Tensor prepared(Graph g, Tensor x, int groups, boolean copies, String name) {
    return groups == 1 && copies
        ? Pointwise.copy(g, x, name)
        : repeated(g, x, groups, copies, name);
  }

  /** transformers {@code repeat_kv}: a single head that is expanded stays a view when reshaped. */
  private Tensor repeated(Graph g, Tensor x, int groups, boolean copies, String name) {
    return shape.kvHeads() == 1 && groups > 1 && !copies
        ? ShapeOps.expand(g, x.hold(), x.elements() * groups)
        : AttentionOps.repeatHeads(g, x, groups, name);
  }

  /**
   * A boolean mask becomes a new additive one in every call (pytorch convert_boolean_attn_mask).
   */
  private Tensor additiveMask(Graph g, Tensor mask, DataType dtype) {
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

  /** transformers {@code eager_attention_forward}. */
  private Tensor eager(
      Graph g,
      Tensor[] heads,
      @Nullable Tensor mask,
      SharedInputs shared,
      boolean contiguousHeads) {
    int groups = shape.heads() / shape.kvHeads();
    // Of several sequences a product copies what is expanded, as repeating would.
    boolean copies = settings.batch() > 1;
    try (Scope scope = Scope.of(g)) {
      Tensor key = scope.own(repeated(g, heads[1], groups, copies, "keys"));
      Tensor value = scope.own(repeated(g, heads[2], groups, copies, "values"));
      boolean byHeads = contiguousHeads || settings.batch() == 1;
      boolean biased = settings.code().masksByHead() && mask != null;
      Tensor scores = biased ? null : eagerScores(g, heads[0], key, mask, byHeads);
      Tensor factors = scores == null ? null : factors(g, scores);
      Tensor weights =
          scope.own(
              scores == null
                  ? biasedWeights(g, heads[0], key, Objects.requireNonNull(mask), byHeads, scope)
                  : eagerWeights(g, scores, heads[0].dtype(), key.dtype()));
      shared.name(g, weights);
      Tensor factor = Pointwise.lowered(g, weights);
      Tensor operand = Pointwise.lowered(g, value);
      boolean contiguous = groups > 1 || settings.batch() == 1;
      Tensor flat = contiguous ? operand.hold() : Pointwise.copy(g, operand, "values");
      Tensor product = Matrix.product(g, factor, flat, outputElements(), "attention outputs");
      g.release(operand, flat);
      g.release(factor);
      Tensor result =
          scope.own(factors == null ? product : SinkOps.scaled(g, product, scope.own(factors)));
      return Pointwise.copy(g, result, "attention outputs by token");
    }
  }

  private Tensor eagerScores(
      Graph g, Tensor givenQuery, Tensor givenKey, @Nullable Tensor mask, boolean byHeads) {
    boolean wide = settings.code().scoresInFp32();
    Tensor query = wide ? Pointwise.cast(g, givenQuery, DataType.FP32) : givenQuery.hold();
    Tensor key = wide ? Pointwise.cast(g, givenKey, DataType.FP32) : givenKey.hold();
    return g.rebind(query, key, scores(g, query, key, mask, byHeads));
  }

  /** What sinks multiply the outputs by, null where they do not. */
  private @Nullable Tensor factors(Graph g, Tensor scores) {
    Parameter sinks = shape.sinks();
    return sinks == null || !settings.code().scalesBySinks()
        ? null
        : SinkOps.factors(g, scores, sinks.value(), scores.elements() / keys);
  }

  /** Takes over the scores; queries, and keys as values, have these dtypes. */
  private Tensor eagerWeights(Graph g, Tensor scores, DataType queries, DataType values) {
    Parameter sinks = shape.sinks();
    return sinks == null || settings.code().scalesBySinks()
        ? probabilities(g, scores, queries, values)
        : withSinks(g, scores, sinks, values);
  }

  /**
   * transformers/models/falcon/modeling_falcon.py FalconAttention.forward with ALiBi: the product,
   * what fp32 makes of it and the sum with the bias, which is scaled in place, have a name each.
   */
  private Tensor biasedWeights(
      Graph g, Tensor query, Tensor key, Tensor mask, boolean byHeads, Scope names) {
    Tensor product = names.own(product(g, query, key, byHeads));
    Tensor wide = names.own(Pointwise.cast(g, product, DataType.FP32, "attention scores"));
    Tensor biased = names.own(Pointwise.scale(g, wide, "attention scores"));
    Tensor masked = Pointwise.add(g, biased, mask, "attention scores");
    // softmax's own dtype, which is the hidden states'.
    DataType dtype = g.autocast() ? masked.dtype() : query.dtype();
    Tensor cast = g.rebind(masked, Pointwise.cast(g, masked, dtype, "attention scores"));
    return probabilities(g, cast, query.dtype(), key.dtype());
  }

  private Tensor scores(Graph g, Tensor query, Tensor key, @Nullable Tensor mask, boolean byHeads) {
    Tensor raw = product(g, query, key, byHeads);
    Tensor scaled = g.rebind(raw, Pointwise.scale(g, raw, "attention scores"));
    if (shape.logitSoftcap() > 0) {
      scaled = capped(g, scaled);
    }
    if (mask != null) {
      scaled = g.rebind(scaled, Pointwise.add(g, scaled, mask, "attention scores"));
    }
    return scaled;
  }

  private Tensor product(Graph g, Tensor query, Tensor key, boolean byHeads) {
    Tensor loweredQuery = Pointwise.lowered(g, query);
    Tensor flatQuery = byHeads ? loweredQuery.hold() : Pointwise.copy(g, loweredQuery, "queries");
    Tensor loweredKey = Pointwise.lowered(g, key);
    boolean flat = byHeads || shape.heads() != shape.kvHeads();
    Tensor flatKey = flat ? loweredKey.hold() : Pointwise.copy(g, loweredKey, "keys");
    Tensor raw = Matrix.product(g, flatQuery, flatKey, scores(), "attention scores");
    g.release(loweredQuery, flatQuery);
    g.release(loweredKey, flatKey);
    return raw;
  }

  /** transformers gpt_oss eager_attention_forward: the sinks join the softmax, in its dtype. */
  private Tensor withSinks(Graph g, Tensor scaled, Parameter learned, DataType dtype) {
    long rows = scaled.elements() / keys;
    Tensor sinks = ShapeOps.expand(g, learned.value().hold(), rows);
    Tensor combined =
        g.rebind(scaled, sinks, ShapeOps.concatenate(g, "attention scores", scaled, sinks));
    Tensor[] largest = Routing.topK(g, combined, rows);
    Tensor shifted = Pointwise.add(g, combined, largest[0], "attention scores");
    g.release(largest[0], largest[1]);
    g.release(combined);
    Tensor probabilities =
        g.rebind(shifted, Pointwise.savingResult(g, Aten.SOFTMAX, shifted, "attention weights"));
    Tensor kept = ShapeOps.slice(g, probabilities, rows * keys);
    Tensor dropped = g.rebind(kept, dropped(g, kept));
    return g.rebind(dropped, Pointwise.cast(g, dropped, dtype, "attention weights"));
  }

  /** Takes over {@code scaled}; queries, and keys as values, have these dtypes. */
  private Tensor probabilities(Graph g, Tensor scaled, DataType queries, DataType values) {
    Softmax code = settings.code().softmax();
    boolean narrows = code != Softmax.FP32 && !g.autocast();
    Tensor probabilities =
        narrows
            ? Pointwise.savingResult(g, Aten.SOFTMAX, scaled, "attention weights")
            : AttentionOps.softmaxInFp32(
                g, scaled, settings.softmaxSavesInput(), "attention weights in fp32");
    g.release(scaled);
    DataType dtype =
        switch (code) {
          case FP32 -> queries;
          case AS_VALUES -> values;
          case OWN -> probabilities.dtype();
        };
    Tensor narrow =
        g.rebind(probabilities, Pointwise.cast(g, probabilities, dtype, "attention weights"));
    return g.rebind(narrow, dropped(g, narrow));
  }

  private Tensor dropped(Graph g, Tensor weights) {
    boolean called = !settings.code().hasDropoutModule();
    return Pointwise.dropout(g, weights, shape.dropout(), called, "attention weights");
  }

  private Tensor capped(Graph g, Tensor scores) {
    Tensor divided = g.rebind(scores, Pointwise.scale(g, scores, "attention scores"));
    try (Scope scope = Scope.of(g)) {
      Tensor tanh =
          scope.own(
              g.rebind(
                  divided,
                  Pointwise.savingResult(g, Aten.TANH, divided, "capped attention scores")));
      return Pointwise.scale(g, tanh, "attention scores");
    }
  }

  private long scores() {
    return settings.batch() * shape.heads() * settings.sequence() * keys;
  }

  private long outputElements() {
    return settings.tokens() * shape.heads() * shape.valueSize();
  }
}
