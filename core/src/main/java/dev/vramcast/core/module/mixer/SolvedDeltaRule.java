package dev.vramcast.core.module.mixer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.autograd.op.Triangular;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * The gated delta rule since Transformers 5.17, where a triangular system is solved in each chunk
 * of 64 tokens (qwen3_next/modeling_qwen3_next.py torch_chunk_gated_delta_rule).
 *
 * @param rows sequences times heads
 * @param tokens of a sequence, padded to whole chunks
 * @param keySize features of a key head
 * @param valueSize features of a value head
 * @param strided whether query and key lie by tokens still, so that products of whole sequences
 *     copy them ({@code matmul} folds heads and chunks, aten/src/ATen/native/LinearAlgebra.cpp)
 * @param stridedChunks whether products of one chunk do, which fold sequences and heads
 */
record SolvedDeltaRule(
    long rows, long tokens, long keySize, long valueSize, boolean strided, boolean stridedChunks) {

  private static final String DECAY = "delta rule decay";
  private static final String SCORES = "delta rule scores";
  private static final String STATES = "delta rule states";
  private static final String VALUES = "delta rule values";

  private long chunks() {
    return tokens / DeltaRule.CHUNK;
  }

  private long scores() {
    return rows * tokens * DeltaRule.CHUNK;
  }

  /** Everything in fp32 and by heads; query comes scaled. Arguments stay the caller's. */
  Tensor forward(Graph g, Tensor query, Tensor key, Tensor value, Tensor beta, Tensor decay) {
    try (Scope scope = Scope.of(g)) {
      Tensor valueBeta = scope.own(Pointwise.mul(g, value, beta, VALUES));
      Tensor keyBeta = scope.own(Pointwise.mul(g, key, beta, VALUES));
      Tensor upper = scope.own(upperMask(g));
      Tensor summed = scope.own(ShapeOps.resized(g, decay, decay.elements(), DECAY));
      Tensor pairwise = scope.own(pairwiseDecay(g, summed, upper));
      Tensor system = scope.own(decayedScores(g, keyBeta, key, pairwise));
      Tensor attention = scope.own(decayedScores(g, query, key, pairwise));
      Tensor decayedKeyBeta = scope.own(decayed(g, keyBeta, summed));
      Tensor values = scope.own(Triangular.solve(g, system, valueBeta, VALUES));
      Tensor keyDecay = scope.own(Triangular.solve(g, system, decayedKeyBeta, VALUES));
      Tensor state =
          g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, stateElements(), DataType.FP32);
      Tensor outputs =
          g.allocate(Aten.ZEROS, VALUES, Category.ACTIVATIONS, values.elements(), values.dtype());
      Tensor decayedQuery = scope.own(decayed(g, query, summed));
      Tensor decayedKey = scope.own(fromEnd(g, key, summed));
      Tensor chunkDecay = scope.own(exp(g, ShapeOps.slice(g, summed.hold(), rows * chunks())));
      Tensor[] all = {values, keyDecay, decayedQuery, attention, decayedKey, chunkDecay};
      return overChunks(g, all, state, outputs);
    }
  }

  private static Tensor upperMask(Graph g) {
    long elements = DeltaRule.CHUNK * DeltaRule.CHUNK;
    return g.allocate(Aten.EMPTY, SCORES, Category.OTHER, elements, DataType.BOOL);
  }

  private Tensor pairwiseDecay(Graph g, Tensor summed, Tensor upper) {
    Tensor left = ShapeOps.expand(g, summed.hold(), scores());
    Tensor difference = g.rebind(left, Pointwise.add(g, left, summed, SCORES));
    Tensor lower = g.rebind(difference, ShapeOps.maskedFill(g, difference, upper, SCORES));
    return g.rebind(lower, Pointwise.savingResult(g, Aten.EXP, lower, SCORES));
  }

  /** {@code (left @ key.transpose(-1, -2)) * pairwise_decay}. */
  private Tensor decayedScores(Graph g, Tensor left, Tensor key, Tensor pairwise) {
    Tensor foldedLeft = folded(g, left.hold(), strided);
    Tensor foldedKey = folded(g, key.hold(), strided);
    Tensor raw =
        g.rebind(
            foldedLeft, foldedKey, DeltaRule.product(g, foldedLeft, foldedKey, scores(), SCORES));
    return g.rebind(raw, Pointwise.mul(g, raw, pairwise, SCORES));
  }

  /** An operand of a product; takes over the argument. */
  private static Tensor folded(Graph g, Tensor x, boolean copied) {
    return copied ? g.rebind(x, Pointwise.copy(g, x, VALUES)) : x;
  }

  /** {@code x * cum_decay.exp().unsqueeze(-1)}. */
  private static Tensor decayed(Graph g, Tensor x, Tensor summed) {
    Tensor exp = exp(g, summed.hold());
    return g.rebind(exp, Pointwise.mul(g, x, exp, VALUES));
  }

  /** {@code key * (cum_decay[..., -1:] - cum_decay).exp().unsqueeze(-1)}. */
  private Tensor fromEnd(Graph g, Tensor key, Tensor summed) {
    Tensor last = ShapeOps.slice(g, summed.hold(), rows * chunks());
    Tensor difference = g.rebind(last, Pointwise.add(g, last, summed, DECAY));
    Tensor exp = g.rebind(difference, Pointwise.savingResult(g, Aten.EXP, difference, DECAY));
    return g.rebind(exp, Pointwise.mul(g, key, exp, VALUES));
  }

  /** Takes over the argument. */
  private static Tensor exp(Graph g, Tensor x) {
    return g.rebind(x, Pointwise.savingResult(g, Aten.EXP, x, DECAY));
  }

  /**
   * The state goes from chunk to chunk; what one chunk computed lives until the next computes it.
   *
   * @param all new values, decayed keys that read the state, decayed queries, attention in chunks,
   *     keys that write the state, decay of the state
   */
  private Tensor overChunks(Graph g, Tensor[] all, Tensor first, Tensor outputs) {
    Tensor state = first;
    Tensor result = outputs;
    @Nullable Tensor update = null;
    @Nullable Tensor read = null;
    for (long i = 0; i < chunks(); i++) {
      Tensor fresh = newValues(g, chunk(g, all[0]), chunk(g, all[1]), state);
      if (update != null) {
        g.release(update);
      }
      update = fresh;
      Tensor inter = values(g, folded(g, chunk(g, all[2]), stridedChunks), state);
      if (read != null) {
        g.release(read);
      }
      read = inter;
      result = assigned(g, result, read, chunk(g, all[3]), update);
      state = i < chunks() - 1 ? next(g, state, all, update) : last(g, state, all, update);
    }
    if (update != null && read != null) {
      g.release(update, read);
    }
    g.release(state);
    return result;
  }

  private Tensor chunk(Graph g, Tensor x) {
    return ShapeOps.slice(g, x.hold(), x.elements() / chunks());
  }

  /** {@code new_values - k_cumdecay @ state}; takes over the first two. */
  private Tensor newValues(Graph g, Tensor values, Tensor keys, Tensor state) {
    try (Scope scope = Scope.of(g)) {
      Tensor old =
          scope.own(g.rebind(keys, DeltaRule.product(g, keys, state, chunkElements(), VALUES)));
      scope.own(values);
      return Pointwise.add(g, values, old, VALUES);
    }
  }

  /** Takes over the left operand. */
  private Tensor values(Graph g, Tensor left, Tensor right) {
    try (Scope scope = Scope.of(g)) {
      return DeltaRule.product(g, scope.own(left), right, chunkElements(), VALUES);
    }
  }

  /** {@code out[:, :, i] = read + attention @ update}; takes over outputs and attention. */
  private Tensor assigned(Graph g, Tensor out, Tensor read, Tensor attention, Tensor update) {
    try (Scope scope = Scope.of(g)) {
      Tensor inside = values(g, attention, update);
      Tensor sum = scope.own(g.rebind(inside, Pointwise.add(g, read, inside, VALUES)));
      return ShapeOps.assign(g, out, sum);
    }
  }

  /** The state that nobody asks for: what it saved goes with it. */
  private Tensor last(Graph g, Tensor state, Tensor[] all, Tensor update) {
    return g.withoutGrad(() -> next(g, state, all, update));
  }

  /** {@code state * decay + key.transpose(-1, -2) @ update}; takes over the state. */
  private Tensor next(Graph g, Tensor state, Tensor[] all, Tensor update) {
    try (Scope scope = Scope.of(g)) {
      Tensor decay = chunk(g, all[5]);
      Tensor key = folded(g, chunk(g, all[4]), stridedChunks);
      Tensor faded = scope.own(g.rebind(decay, Pointwise.mul(g, state, decay, STATES)));
      Tensor added =
          scope.own(g.rebind(key, DeltaRule.product(g, key, update, stateElements(), STATES)));
      Tensor sum = Pointwise.add(g, faded, added, STATES);
      scope.own(state);
      return sum;
    }
  }

  private long chunkElements() {
    return rows * DeltaRule.CHUNK * valueSize;
  }

  private long stateElements() {
    return rows * keySize * valueSize;
  }
}
