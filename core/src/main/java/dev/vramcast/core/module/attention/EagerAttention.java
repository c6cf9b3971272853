package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
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
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Attention that is written out in Python, as transformers {@code eager_attention_forward} is. */
record EagerAttention(HeadOps ops) {

  private static final String NAME = "attention scores";
  private static final Operation MAXIMUM = Operation.of("aten::maximum");

  /**
   * Attends.
   *
   * @param heads query, key and value; they stay the caller's, as does {@code mask}
   * @param contiguousHeads query and key lie by heads, not by tokens
   */
  Tensor forward(
      Graph g,
      Tensor[] heads,
      @Nullable Tensor mask,
      SharedInputs shared,
      boolean contiguousHeads) {
    int groups = shape().heads() / shape().kvHeads();
    // Of several sequences a product copies what is expanded, as repeating would.
    boolean copies = settings().batch() > 1;
    try (Scope scope = Scope.of(g)) {
      Tensor key = scope.own(ops.repeated(g, heads[1], groups, copies, "keys"));
      Tensor value = scope.own(ops.repeated(g, heads[2], groups, copies, "values"));
      boolean byHeads = contiguousHeads || settings().batch() == 1;
      boolean biased = settings().code().masksByHead() && mask != null;
      Tensor scores = biased ? null : eagerScores(g, heads[0], key, mask, byHeads);
      Tensor factors = scores == null ? null : factors(g, scores);
      if (scores != null && settings().code().namesScores() && !shifts()) {
        scope.own(scores.hold());
      }
      Tensor weights =
          scope.own(
              scores == null
                  ? biasedWeights(g, heads[0], key, Objects.requireNonNull(mask), byHeads, scope)
                  : eagerWeights(g, scores, heads[0].dtype(), key.dtype(), scope));
      shared.name(g, weights);
      boolean laid = settings().code().laysByHeads() || shared.copiesKeys();
      boolean contiguous = groups > 1 || settings().batch() == 1 || laid;
      Tensor product = times(g, weights, value, contiguous);
      Tensor result =
          scope.own(factors == null ? product : SinkOps.scaled(g, product, scope.own(factors)));
      return Pointwise.copy(g, result, "attention outputs by token");
    }
  }

  /**
   * Weights times values; both stay the caller's.
   *
   * @param contiguous values lie by heads
   */
  Tensor times(Graph g, Tensor weights, Tensor value, boolean contiguous) {
    Tensor factor = Pointwise.lowered(g, weights);
    Tensor operand = Pointwise.lowered(g, value);
    Tensor flat = contiguous ? operand.hold() : Pointwise.copy(g, operand, "values");
    Tensor product = Matrix.product(g, factor, flat, ops.outputElements(), "attention outputs");
    g.release(operand, flat);
    g.release(factor);
    return product;
  }

  private Tensor eagerScores(
      Graph g, Tensor givenQuery, Tensor givenKey, @Nullable Tensor mask, boolean byHeads) {
    boolean wide = settings().code().scoresInFp32();
    Tensor query = wide ? Pointwise.cast(g, givenQuery, DataType.FP32) : givenQuery.hold();
    Tensor key = wide ? Pointwise.cast(g, givenKey, DataType.FP32) : givenKey.hold();
    return g.rebind(query, key, scores(g, query, key, mask, byHeads));
  }

  /** What sinks multiply the outputs by, null where they do not. */
  private @Nullable Tensor factors(Graph g, Tensor scores) {
    Parameter sinks = shape().sinks();
    return sinks == null || !settings().code().scalesBySinks()
        ? null
        : SinkOps.factors(g, scores, sinks.value(), scores.elements() / ops.keys());
  }

  /** Takes over the scores; queries, and keys as values, have these dtypes. */
  private Tensor eagerWeights(
      Graph g, Tensor scores, DataType queries, DataType values, Scope names) {
    Parameter sinks = shape().sinks();
    if (shifts() && sinks == null) {
      return shifted(g, scores, scores.elements() / ops.keys(), values, null);
    }
    return sinks == null || settings().code().scalesBySinks()
        ? probabilities(g, scores, queries, values)
        : withSinks(g, scores, sinks, values, names);
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
    if (settings().code().clampsScores()) {
      return mask == null ? raw : clamped(g, raw, mask);
    }
    Tensor scaled = g.rebind(raw, Pointwise.scale(g, raw, "attention scores"));
    if (shape().logitSoftcap() > 0) {
      scaled = capped(g, scaled);
    }
    if (mask != null) {
      scaled = g.rebind(scaled, Pointwise.add(g, scaled, mask, "attention scores"));
      scaled = settings().code().boundsScores() ? bounded(g, scaled) : scaled;
    }
    return scaled;
  }

  /** transformers XGLMAttention: {@code max(scores + mask, finfo.min)}; takes over the scores. */
  private Tensor clamped(Graph g, Tensor raw, Tensor mask) {
    return bounded(g, g.rebind(raw, Pointwise.add(g, raw, mask, "attention scores")));
  }

  /** {@code torch.max(scores, finfo.min)}, which keeps its input; takes over the scores. */
  private Tensor bounded(Graph g, Tensor masked) {
    Node node = g.node(MAXIMUM, this::maximumBackward, masked);
    g.save(node, masked);
    return g.rebind(
        masked,
        g.output(
            "attention scores", Category.ACTIVATIONS, masked.elements(), masked.dtype(), node));
  }

  /**
   * {@code where(self == other, grad / 2, grad).masked_fill_(self < other, 0)}; PyTorch 2.15,
   * unlike 2.13, fills a copy.
   */
  private void maximumBackward(Graph g, Node n) {
    Tensor input = n.inputs[0];
    try (Scope scope = Scope.of(g)) {
      scope.own(Pointwise.detached(g, input.elements(), DataType.BOOL, "clamped scores"));
      scope.own(Pointwise.gradientLike(g, input));
      Tensor chosen = Pointwise.gradientLike(g, input);
      scope.own(Pointwise.detached(g, input.elements(), DataType.BOOL, "clamped scores"));
      boolean copies = settings().job().framework().torch().atLeast(2, 15);
      n.outgoing[0] = copies ? Pointwise.gradientLike(g, scope.own(chosen)) : chosen;
    }
  }

  /** Queries times keys, which stay the caller's. */
  Tensor product(Graph g, Tensor query, Tensor key, boolean byHeads) {
    boolean leaves = settings().code().scoresLeaveAutocast();
    Tensor loweredQuery = leaves ? query.hold() : Pointwise.lowered(g, query);
    Tensor flatQuery = byHeads ? loweredQuery.hold() : Pointwise.copy(g, loweredQuery, "queries");
    Tensor loweredKey = leaves ? key.hold() : Pointwise.lowered(g, key);
    boolean flat = byHeads || shape().heads() != shape().kvHeads();
    Tensor flatKey = flat ? loweredKey.hold() : Pointwise.copy(g, loweredKey, "keys");
    Tensor raw = Matrix.product(g, flatQuery, flatKey, ops.scores(), "attention scores");
    g.release(loweredQuery, flatQuery);
    g.release(loweredKey, flatKey);
    return raw;
  }

  private boolean shifts() {
    return settings().code().softmax() == Softmax.SHIFTED;
  }

  /** transformers gpt_oss eager_attention_forward: the sinks join the softmax, in its dtype. */
  private Tensor withSinks(Graph g, Tensor scaled, Parameter learned, DataType dtype, Scope names) {
    long rows = scaled.elements() / ops.keys();
    Tensor sinks = ShapeOps.expand(g, learned.value().hold(), rows);
    Tensor combined = g.rebind(sinks, ShapeOps.concatenate(g, NAME, scaled, sinks));
    if (shifts() && settings().code().namesScores()) {
      // The name of the scores without sinks is the weights' next.
      return g.rebind(scaled, shifted(g, combined, rows, dtype, names));
    }
    g.release(scaled);
    if (shifts()) {
      return shifted(g, combined, rows, dtype, null);
    }
    Tensor probabilities =
        g.rebind(combined, Pointwise.savingResult(g, Aten.SOFTMAX, combined, "attention weights"));
    Tensor kept = ShapeOps.slice(g, probabilities, rows * ops.keys());
    Tensor cast = g.rebind(kept, Pointwise.cast(g, kept, dtype, "attention weights"));
    return g.rebind(cast, ops.dropped(g, cast));
  }

  /**
   * The softmax of scores less the largest of each row, without sinks; takes over the scores.
   *
   * @param names holds what the softmax reads until values have met weights; null where none does
   */
  private Tensor shifted(Graph g, Tensor scores, long rows, DataType dtype, @Nullable Scope names) {
    Tensor[] largest = Routing.topK(g, scores, rows);
    Tensor shifted = Pointwise.add(g, scores, largest[0], "attention scores");
    g.release(largest[0], largest[1]);
    g.release(scores);
    if (names != null) {
      names.own(shifted.hold());
    }
    Tensor probabilities =
        g.rebind(shifted, Pointwise.savingResult(g, Aten.SOFTMAX, shifted, "attention weights"));
    Tensor kept =
        probabilities.elements() == rows * ops.keys()
            ? probabilities
            : ShapeOps.slice(g, probabilities, rows * ops.keys());
    Tensor dropped = g.rebind(kept, ops.dropped(g, kept));
    return g.rebind(dropped, Pointwise.cast(g, dropped, dtype, "attention weights"));
  }

  /** Takes over {@code scaled}; queries, and keys as values, have these dtypes. */
  Tensor probabilities(Graph g, Tensor scaled, DataType queries, DataType values) {
    Softmax code = settings().code().softmax();
    boolean narrows = code != Softmax.FP32 && !g.autocast();
    Tensor probabilities =
        narrows
            ? Pointwise.savingResult(g, Aten.SOFTMAX, scaled, "attention weights")
            : AttentionOps.softmaxInFp32(
                g, scaled, settings().softmaxSavesInput(), "attention weights in fp32");
    g.release(scaled);
    DataType dtype =
        switch (code) {
          case FP32 -> queries;
          case AS_VALUES, SHIFTED -> values;
          case OWN -> probabilities.dtype();
        };
    Tensor narrow =
        g.rebind(probabilities, Pointwise.cast(g, probabilities, dtype, "attention weights"));
    return g.rebind(narrow, ops.dropped(g, narrow));
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

  private HeadShape shape() {
    return ops.shape();
  }

  private StepSettings settings() {
    return ops.settings();
  }
}
