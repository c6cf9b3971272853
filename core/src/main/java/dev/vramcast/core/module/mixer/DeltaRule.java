package dev.vramcast.core.module.mixer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Chain;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Scope;
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
    return Chain.of(g, ShapeOps.expand(g, summed.hold(), scores()))
        .then(left -> Pointwise.add(g, left, summed, SCORES))
        .then(difference -> Pointwise.scale(g, difference, SCORES))
        .then(lower -> Pointwise.savingResult(g, Aten.EXP, lower, SCORES))
        .then(exp -> Pointwise.scale(g, exp, SCORES))
        .result();
  }

  /** The inverse of a triangular matrix in each chunk, row by row. */
  private Tensor inverse(Graph g, Tensor keyBeta, Tensor key, Tensor mask) {
    Tensor matrix =
        Chain.of(
                g,
                Chain.of(g, product(g, keyBeta, key, scores(), SCORES))
                    .then(raw -> Pointwise.mul(g, raw, mask, SCORES))
                    .result(),
                g.allocate(Aten.EMPTY, SCORES, Category.OTHER, CHUNK * CHUNK, DataType.BOOL))
            .then((decayed, upper) -> ShapeOps.maskedFill(g, decayed, upper, SCORES))
            .then(masked -> Pointwise.scale(g, masked, SCORES))
            .result();
    for (long i = 1; i < CHUNK; i++) {
      matrix = row(g, matrix, i * rows * chunks(), i);
    }
    Tensor result = Pointwise.scale(g, matrix, SCORES);
    g.release(matrix);
    return result;
  }

  /** {@code attn[i, :i] = row + (row[:, None] * sub).sum(-2)}; takes over the matrix. */
  private Tensor row(Graph g, Tensor matrix, long elements, long i) {
    Tensor row =
        Chain.of(g, ShapeOps.slice(g, matrix.hold(), elements))
            .then(rowView -> Pointwise.copy(g, rowView, ROWS))
            .result();
    Tensor sub =
        Chain.of(g, ShapeOps.slice(g, matrix.hold(), elements * i))
            .then(subView -> Pointwise.copy(g, subView, ROWS))
            .result();
    Tensor sum =
        Chain.of(g, Pointwise.mul(g, row, sub, ROWS))
            .then(product -> ShapeOps.sum(g, product, elements, product.dtype(), ROWS))
            .result();
    try (Scope scope = Scope.of(g)) {
      Tensor total = scope.own(Pointwise.add(g, row, sum, ROWS));
      g.release(sum, row);
      g.release(sub);
      return ShapeOps.assign(g, matrix, total);
    }
  }

  /**
   * The state goes from chunk to chunk.
   *
   * @param all query, key, values, summed decay, decay mask, decayed keys
   */
  private Tensor overChunks(Graph g, Tensor[] all) {
    Tensor state =
        g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, stateElements(), DataType.FP32);
    Tensor outputs =
        g.allocate(
            Aten.ZEROS, VALUES, Category.ACTIVATIONS, rows * tokens * valueSize, DataType.FP32);
    for (long i = 0; i < chunks(); i++) {
      Tensor[] parts = new Tensor[all.length];
      for (int j = 0; j < all.length; j++) {
        parts[j] = ShapeOps.slice(g, all[j].hold(), all[j].elements() / chunks());
      }
      Tensor update = chunkValues(g, parts, state);
      Tensor output = chunkOutput(g, parts, state, update);
      outputs = ShapeOps.assign(g, outputs, output);
      g.release(output);
      state = next(g, parts, state, update);
      g.release(update);
      for (Tensor part : parts) {
        g.release(part);
      }
    }
    g.release(state);
    return outputs;
  }

  private Tensor chunkValues(Graph g, Tensor[] parts, Tensor state) {
    return Chain.of(g, product(g, parts[5], state, rows * CHUNK * valueSize, VALUES))
        .then(old -> Pointwise.add(g, parts[2], old, VALUES))
        .result();
  }

  private Tensor chunkOutput(Graph g, Tensor[] parts, Tensor state, Tensor update) {
    Tensor scores =
        Chain.of(g, product(g, parts[0], parts[1], rows * CHUNK * CHUNK, SCORES))
            .then(raw -> Pointwise.mul(g, raw, parts[4], SCORES))
            .result();
    try (Scope scope = Scope.of(g)) {
      Tensor fromState =
          scope.own(
              Chain.of(g, Pointwise.savingResult(g, Aten.EXP, parts[3], "delta rule decay"))
                  .then(exp -> Pointwise.mul(g, parts[0], exp, VALUES))
                  .then(decayed -> product(g, decayed, state, rows * CHUNK * valueSize, VALUES))
                  .result());
      Tensor inside = scope.own(product(g, scores, update, rows * CHUNK * valueSize, VALUES));
      g.release(scores);
      return Pointwise.add(g, fromState, inside, VALUES);
    }
  }

  /** Takes over the state. */
  private Tensor next(Graph g, Tensor[] parts, Tensor state, Tensor update) {
    Tensor last = ShapeOps.slice(g, parts[3].hold(), rows);
    Tensor lastExp = Pointwise.savingResult(g, Aten.EXP, last, "delta rule decay");
    try (Scope scope = Scope.of(g)) {
      Tensor faded = scope.own(Pointwise.mul(g, state, lastExp, STATES));
      g.release(state, lastExp);
      Tensor difference = Pointwise.add(g, parts[3], last, "delta rule decay");
      g.release(last);
      Tensor exp = Pointwise.savingResult(g, Aten.EXP, difference, "delta rule decay");
      g.release(difference);
      Tensor keys = Pointwise.mul(g, parts[1], exp, VALUES);
      g.release(exp);
      Tensor added = scope.own(product(g, keys, update, stateElements(), STATES));
      g.release(keys);
      return Pointwise.add(g, faded, added, STATES);
    }
  }

  private long stateElements() {
    return rows * keySize * valueSize;
  }

  /** Autocast multiplies in 16 bits. */
  private static Tensor product(Graph g, Tensor a, Tensor b, long elements, String name) {
    return Chain.of(g, Pointwise.lowered(g, a), Pointwise.lowered(g, b))
        .then((left, right) -> Matrix.product(g, left, right, elements, name))
        .result();
  }
}
