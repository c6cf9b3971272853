package dev.vramcast.core.module.mixer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/**
 * The delta rule with a decay for each feature of a key, in chunks of 64 tokens, in plain PyTorch
 * (transformers 5.24 kimi_linear/modeling_kimi_linear.py chunk_kimi_delta_attention). Each pair of
 * a chunk's tokens has a number for each feature.
 *
 * @param rows sequences times heads
 * @param tokens of a sequence, padded to whole chunks
 * @param size features of a head
 */
record ChannelDeltaRule(long rows, long tokens, long size) {

  private static final long CHUNK = DeltaRule.CHUNK;
  private static final String PAIRS = "delta rule pairs";
  private static final String SCORES = "delta rule scores";
  private static final String STATES = "delta rule states";
  private static final String VALUES = "delta rule values";
  private static final String DECAY = "delta rule decay";

  private long chunks() {
    return tokens / CHUNK;
  }

  private long scores() {
    return rows * tokens * CHUNK;
  }

  /** Everything in fp32 and by heads; query comes scaled. Arguments stay the caller's. */
  Tensor forward(Graph g, Tensor query, Tensor key, Tensor value, Tensor beta, Tensor decay) {
    try (Scope names = Scope.of(g)) {
      Tensor valueBeta = names.own(Pointwise.mul(g, value, beta, VALUES));
      Tensor keyBeta = names.own(Pointwise.mul(g, key, beta, VALUES));
      Tensor summed = names.own(ShapeOps.cumulativeSum(g, decay, DECAY));
      Tensor mask = names.own(decayMask(g, summed));
      Tensor inverse = names.own(inverse(g, keyBeta, key, mask));
      Tensor values =
          names.own(DeltaRule.product(g, inverse, valueBeta, valueBeta.elements(), VALUES));
      Tensor exp = Pointwise.savingResult(g, Aten.EXP, summed, DECAY);
      Tensor decayed = g.rebind(exp, Pointwise.mul(g, keyBeta, exp, VALUES));
      Tensor keyDecay =
          names.own(
              g.rebind(
                  decayed, DeltaRule.product(g, inverse, decayed, keyBeta.elements(), VALUES)));
      return overChunks(g, new Tensor[] {query, key, values, summed, mask, keyDecay}, names);
    }
  }

  /** {@code (g[:, None] - g[None]).masked_fill(...).exp()}. */
  private Tensor decayMask(Graph g, Tensor summed) {
    Tensor left = ShapeOps.expand(g, summed.hold(), scores() * size);
    Tensor difference = g.rebind(left, Pointwise.add(g, left, summed, PAIRS));
    Tensor lower = g.rebind(difference, masked(g, difference, PAIRS));
    return g.rebind(lower, Pointwise.savingResult(g, Aten.EXP, lower, PAIRS));
  }

  private static Tensor masked(Graph g, Tensor x, String name) {
    Tensor upper = g.allocate(Aten.EMPTY, SCORES, Category.OTHER, CHUNK * CHUNK, DataType.BOOL);
    return g.rebind(upper, ShapeOps.maskedFill(g, x, upper, name));
  }

  /** The inverse of a triangular matrix in each chunk, row by row. */
  private Tensor inverse(Graph g, Tensor keyBeta, Tensor key, Tensor mask) {
    Tensor raw = pairs(g, keyBeta, key, mask, scores());
    Tensor lower = g.rebind(raw, masked(g, raw, SCORES));
    Tensor matrix = g.rebind(lower, Pointwise.scale(g, lower, SCORES));
    for (long i = 1; i < CHUNK; i++) {
      matrix = DeltaRule.row(g, matrix, i * rows * chunks(), i);
    }
    return g.rebind(matrix, Pointwise.scale(g, matrix, SCORES));
  }

  /** {@code (left * right * mask).sum(-1)}, with a number for each pair and feature on the way. */
  private Tensor pairs(Graph g, Tensor left, Tensor right, Tensor mask, long elements) {
    Tensor spread = ShapeOps.expand(g, left.hold(), elements * size);
    Tensor both = g.rebind(spread, Pointwise.mul(g, spread, right, PAIRS));
    Tensor own =
        mask.elements() == both.elements()
            ? mask.hold()
            : ShapeOps.slice(g, mask.hold(), both.elements());
    Tensor decayed = g.rebind(both, own, Pointwise.mul(g, both, own, PAIRS));
    return g.rebind(decayed, ShapeOps.sum(g, decayed, elements, SCORES));
  }

  /**
   * The state goes from chunk to chunk; what the last saved goes with it, as nobody asks for it.
   *
   * @param all query, key, values, summed decay, decay mask, decayed keys
   */
  private Tensor overChunks(Graph g, Tensor[] all, Scope names) {
    DataType dtype = all[2].dtype();
    Tensor state = g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, rows * size * size, dtype);
    Tensor outputs =
        g.allocate(Aten.ZEROS, VALUES, Category.ACTIVATIONS, rows * tokens * size, dtype);
    for (long i = 0; i < chunks(); i++) {
      Tensor[] parts = new Tensor[4];
      for (int j = 0; j < parts.length; j++) {
        parts[j] = chunk(g, all[j]);
      }
      try (Scope scope = Scope.of(g)) {
        scope.own(parts);
        Tensor fromState = scope.own(fromState(g, parts, state));
        Tensor raw = pairs(g, parts[0], parts[1], all[4], rows * CHUNK * CHUNK);
        Tensor inside = scope.own(g.rebind(raw, masked(g, raw, SCORES)));
        Tensor keys = chunk(g, all[5]);
        Tensor old =
            scope.own(g.rebind(keys, DeltaRule.product(g, keys, state, chunkElements(), VALUES)));
        Tensor update = scope.own(Pointwise.add(g, parts[2], old, VALUES));
        outputs = assigned(g, outputs, fromState, inside, update);
        Tensor before = state;
        state =
            i < chunks() - 1
                ? next(g, parts, before, update)
                : g.withoutGrad(() -> next(g, parts, before, update));
      }
    }
    names.own(state);
    return outputs;
  }

  private Tensor chunk(Graph g, Tensor x) {
    return ShapeOps.slice(g, x.hold(), x.elements() / chunks());
  }

  /** {@code (q * g.exp()) @ state}. */
  private Tensor fromState(Graph g, Tensor[] parts, Tensor state) {
    Tensor exp = Pointwise.savingResult(g, Aten.EXP, parts[3], DECAY);
    Tensor decayed = g.rebind(exp, Pointwise.mul(g, parts[0], exp, VALUES));
    return g.rebind(decayed, DeltaRule.product(g, decayed, state, chunkElements(), VALUES));
  }

  /** {@code out[:, :, i] = read + attention @ update}; takes over the outputs. */
  private Tensor assigned(Graph g, Tensor out, Tensor read, Tensor inside, Tensor update) {
    Tensor fresh = DeltaRule.product(g, inside, update, chunkElements(), VALUES);
    Tensor sum = g.rebind(fresh, Pointwise.add(g, read, fresh, VALUES));
    return g.rebind(sum, ShapeOps.assign(g, out, sum));
  }

  /** Takes over the state. */
  private Tensor next(Graph g, Tensor[] parts, Tensor state, Tensor update) {
    try (Scope scope = Scope.of(g)) {
      Tensor last = ShapeOps.slice(g, parts[3].hold(), rows * size);
      Tensor exp = g.rebind(last, Pointwise.savingResult(g, Aten.EXP, last, DECAY));
      Tensor faded = scope.own(g.rebind(state, exp, Pointwise.mul(g, state, exp, STATES)));
      Tensor end = ShapeOps.slice(g, parts[3].hold(), rows * size);
      Tensor difference = g.rebind(end, Pointwise.add(g, parts[3], end, DECAY));
      Tensor rest = g.rebind(difference, Pointwise.savingResult(g, Aten.EXP, difference, DECAY));
      Tensor keys = g.rebind(rest, Pointwise.mul(g, parts[1], rest, VALUES));
      Tensor added =
          scope.own(g.rebind(keys, DeltaRule.product(g, keys, update, rows * size * size, STATES)));
      return Pointwise.add(g, faded, added, STATES);
    }
  }

  private long chunkElements() {
    return rows * CHUNK * size;
  }
}
