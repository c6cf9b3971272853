package dev.vramcast.core.module.mixer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/**
 * The gated delta rule in chunks of 64 tokens (transformers qwen3_next/modeling_qwen3_next.py,
 * torch_chunk_gated_delta_rule).
 *
 * @param rows sequences times heads
 * @param tokens of a sequence, padded to whole chunks
 * @param keySize features of a key head
 * @param valueSize features of a value head
 */
record DeltaRule(long rows, long tokens, long keySize, long valueSize) {

  static final long CHUNK = 64;

  private static final String ROWS = "delta rule rows";
  private static final String SCORES = "delta rule scores";
  private static final String STATES = "delta rule states";
  private static final String VALUES = "delta rule values";

  private long chunks() {
    return tokens / CHUNK;
  }

  private long scores() {
    return rows * tokens * CHUNK;
  }

  /** Everything in fp32 and by heads; query comes scaled. Arguments stay the caller's. */
  Tensor forward(Graph g, Tensor query, Tensor key, Tensor value, Tensor beta, Tensor decay) {
    try (Scope scope = Scope.of(g)) {
      Tensor valueBeta = scope.own(Pointwise.mul(g, value, beta, VALUES));
      Tensor keyBeta = scope.own(Pointwise.mul(g, key, beta, VALUES));
      Tensor summed = scope.own(ShapeOps.resized(g, decay, decay.elements(), "delta rule decay"));
      Tensor mask = scope.own(decayMask(g, summed));
      Tensor inverse = scope.own(inverse(g, keyBeta, key, mask));
      Tensor values = scope.own(product(g, inverse, valueBeta, rows * tokens * valueSize, VALUES));
      Tensor exp = Pointwise.savingResult(g, Aten.EXP, summed, "delta rule decay");
      Tensor decayed = Pointwise.mul(g, keyBeta, exp, VALUES);
      Tensor keyDecay = scope.own(product(g, inverse, decayed, rows * tokens * keySize, VALUES));
      g.release(decayed, exp);
      return overChunks(g, new Tensor[] {query, key, values, summed, mask, keyDecay});
    }
  }

  /** {@code ((g[:, None] - g[None]).tril().exp().float()).tril()}. */
  private Tensor decayMask(Graph g, Tensor summed) {
    Tensor left = ShapeOps.expand(g, summed.hold(), scores());
    Tensor difference = g.rebind(left, Pointwise.add(g, left, summed, SCORES));
    Tensor lower = g.rebind(difference, Pointwise.scale(g, difference, SCORES));
    Tensor exp = g.rebind(lower, Pointwise.savingResult(g, Aten.EXP, lower, SCORES));
    return g.rebind(exp, Pointwise.scale(g, exp, SCORES));
  }

  /** The inverse of a triangular matrix in each chunk, row by row. */
  private Tensor inverse(Graph g, Tensor keyBeta, Tensor key, Tensor mask) {
    Tensor raw = product(g, keyBeta, key, scores(), SCORES);
    Tensor decayed = g.rebind(raw, Pointwise.mul(g, raw, mask, SCORES));
    Tensor upper = g.allocate(Aten.EMPTY, SCORES, Category.OTHER, CHUNK * CHUNK, DataType.BOOL);
    Tensor masked = g.rebind(decayed, upper, ShapeOps.maskedFill(g, decayed, upper, SCORES));
    Tensor matrix = g.rebind(masked, Pointwise.scale(g, masked, SCORES));
    for (long i = 1; i < CHUNK; i++) {
      matrix = row(g, matrix, i * rows * chunks(), i);
    }
    return g.rebind(matrix, Pointwise.scale(g, matrix, SCORES));
  }

  /** {@code attn[i, :i] = row + (row[:, None] * sub).sum(-2)}; takes over the matrix. */
  static Tensor row(Graph g, Tensor matrix, long elements, long i) {
    Tensor rowView = ShapeOps.slice(g, matrix.hold(), elements);
    Tensor row = g.rebind(rowView, Pointwise.copy(g, rowView, ROWS));
    Tensor subView = ShapeOps.slice(g, matrix.hold(), elements * i);
    Tensor sub = g.rebind(subView, Pointwise.copy(g, subView, ROWS));
    Tensor product = Pointwise.mul(g, row, sub, ROWS);
    Tensor sum = g.rebind(product, ShapeOps.sum(g, product, elements, ROWS));
    try (Scope scope = Scope.of(g)) {
      Tensor total = scope.own(g.rebind(sum, row, Pointwise.add(g, row, sum, ROWS)));
      g.release(sub);
      return ShapeOps.assign(g, matrix, total);
    }
  }

  /**
   * The state goes from chunk to chunk; what the last saved goes with it, as nobody asks for it.
   * The first, of zeros, and the outputs have the dtype of the values.
   *
   * @param all query, key, values, summed decay, decay mask, decayed keys
   */
  private Tensor overChunks(Graph g, Tensor[] all) {
    DataType dtype = all[2].dtype();
    Tensor state = g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, stateElements(), dtype);
    Tensor outputs =
        g.allocate(Aten.ZEROS, VALUES, Category.ACTIVATIONS, rows * tokens * valueSize, dtype);
    for (long i = 0; i < chunks(); i++) {
      Tensor[] parts = new Tensor[all.length];
      for (int j = 0; j < all.length; j++) {
        parts[j] = ShapeOps.slice(g, all[j].hold(), all[j].elements() / chunks());
      }
      Tensor update = chunkValues(g, parts, state);
      Tensor output = chunkOutput(g, parts, state, update);
      outputs = g.rebind(output, ShapeOps.assign(g, outputs, output));
      Tensor before = state;
      boolean read = i < chunks() - 1;
      state =
          g.rebind(
              update,
              read
                  ? next(g, parts, before, update)
                  : g.withoutGrad(() -> next(g, parts, before, update)));
      for (Tensor part : parts) {
        g.release(part);
      }
    }
    g.release(state);
    return outputs;
  }

  private Tensor chunkValues(Graph g, Tensor[] parts, Tensor state) {
    Tensor old = product(g, parts[5], state, rows * CHUNK * valueSize, VALUES);
    return g.rebind(old, Pointwise.add(g, parts[2], old, VALUES));
  }

  private Tensor chunkOutput(Graph g, Tensor[] parts, Tensor state, Tensor update) {
    Tensor raw = product(g, parts[0], parts[1], rows * CHUNK * CHUNK, SCORES);
    Tensor scores = g.rebind(raw, Pointwise.mul(g, raw, parts[4], SCORES));
    try (Scope scope = Scope.of(g)) {
      Tensor exp = Pointwise.savingResult(g, Aten.EXP, parts[3], "delta rule decay");
      Tensor decayed = g.rebind(exp, Pointwise.mul(g, parts[0], exp, VALUES));
      Tensor fromState =
          scope.own(
              g.rebind(decayed, product(g, decayed, state, rows * CHUNK * valueSize, VALUES)));
      Tensor inside =
          scope.own(g.rebind(scores, product(g, scores, update, rows * CHUNK * valueSize, VALUES)));
      return Pointwise.add(g, fromState, inside, VALUES);
    }
  }

  /** Takes over the state. */
  private Tensor next(Graph g, Tensor[] parts, Tensor state, Tensor update) {
    Tensor last = ShapeOps.slice(g, parts[3].hold(), rows);
    Tensor lastExp = Pointwise.savingResult(g, Aten.EXP, last, "delta rule decay");
    try (Scope scope = Scope.of(g)) {
      Tensor faded = scope.own(g.rebind(state, lastExp, Pointwise.mul(g, state, lastExp, STATES)));
      Tensor difference = g.rebind(last, Pointwise.add(g, parts[3], last, "delta rule decay"));
      Tensor exp =
          g.rebind(difference, Pointwise.savingResult(g, Aten.EXP, difference, "delta rule decay"));
      Tensor keys = g.rebind(exp, Pointwise.mul(g, parts[1], exp, VALUES));
      Tensor added = scope.own(g.rebind(keys, product(g, keys, update, stateElements(), STATES)));
      return Pointwise.add(g, faded, added, STATES);
    }
  }

  private long stateElements() {
    return rows * keySize * valueSize;
  }

  /** {@code l2norm}, over features of heads; the argument stays the caller's. */
  static Tensor normalised(Graph g, Tensor x, long size) {
    Tensor square = Pointwise.mul(g, x, x, "squares");
    Tensor sum = g.rebind(square, ShapeOps.sum(g, square, x.elements() / size, "variance"));
    Tensor shifted = g.rebind(sum, Pointwise.scale(g, sum, "variance"));
    Tensor inverse = g.rebind(shifted, Matrix.rsqrt(g, shifted, "rstd"));
    return g.rebind(inverse, Pointwise.mul(g, x, inverse, "normalised"));
  }

  /** Tokens of a sequence, padded to whole chunks. */
  static long padded(long tokens) {
    return (tokens + CHUNK - 1) / CHUNK * CHUNK;
  }

  /** Autocast multiplies in 16 bits. */
  static Tensor product(Graph g, Tensor a, Tensor b, long elements, String name) {
    Tensor left = Pointwise.lowered(g, a);
    Tensor right = Pointwise.lowered(g, b);
    return g.rebind(left, right, Matrix.product(g, left, right, elements, name));
  }
}
