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
 * Mamba 2's scan over chunks in plain PyTorch (transformers 5.18
 * granitemoehybrid/modeling_granitemoehybrid.py mamba2_chunk_scan). {@code einsum} copies each
 * operand in the order of a batched product (aten/src/ATen/native/Linear.cpp sumproduct_pair), of
 * which autocast makes a copy in 16 bits.
 *
 * @param state features of a state
 * @param chunk tokens that are taken at a time
 */
record Mamba2Scan(long batch, long sequence, long heads, long headSize, long state, long chunk) {

  private static final String DECAY = "scan decay";
  private static final String SCORES = "scan scores";
  private static final String STATES = "scan states";
  private static final String STREAMS = "scan inputs";
  private static final String OUTPUTS = "scan outputs";

  private long chunks() {
    return (sequence + chunk - 1) / chunk;
  }

  private long padded() {
    return batch * chunks() * chunk;
  }

  private long scores() {
    return padded() * heads * chunk;
  }

  private long outputs() {
    return padded() * heads * headSize;
  }

  private long streams() {
    return padded() * heads * state;
  }

  private long states() {
    return batch * chunks() * heads * headSize * state;
  }

  /**
   * The output in fp32, cut to the sequence.
   *
   * @param in values, time steps, decay rates, B, C, the bias of the time steps, the skip's weight;
   *     they stay the caller's
   */
  Tensor forward(Graph g, Tensor[] in) {
    try (Scope scope = Scope.of(g)) {
      Tensor steps = scope.own(steps(g, in[1], in[5]));
      Tensor wide = Pointwise.cast(g, in[0], DataType.FP32, STREAMS);
      Tensor wideB = repeated(g, in[3]);
      Tensor wideC = repeated(g, in[4]);
      Tensor residual = scope.own(residual(g, wide, in[6]));
      Tensor stepped = timesSteps(g, wide, steps);
      Tensor decay =
          Chain.of(g, Pointwise.cast(g, steps, DataType.FP32, DECAY))
              .then(wideSteps -> Pointwise.mul(g, in[2], wideSteps, DECAY))
              .result();
      Tensor values = scope.own(chunked(g, stepped, outputs()));
      Tensor rates = scope.own(chunked(g, decay, padded() * heads));
      Tensor b = scope.own(chunked(g, wideB, streams()));
      Tensor c = scope.own(chunked(g, wideC, streams()));
      Tensor output = contracted(g, scope, values, rates, b, c);
      return ShapeOps.slice(
          g,
          Chain.of(g, output).then(x -> Pointwise.add(g, x, residual, OUTPUTS)).result(),
          outputs() / padded() * batch * sequence);
    }
  }

  /** {@code clamp(softplus(dt + dt_bias))}; autocast makes it fp32. */
  private static Tensor steps(Graph g, Tensor x, Tensor bias) {
    return Chain.of(g, Pointwise.add(g, x, bias, DECAY))
        .then(shifted -> Pointwise.widened(g, shifted, DECAY))
        .then(wide -> Pointwise.activation(g, Aten.SOFTPLUS, wide, DECAY))
        .then(step -> Pointwise.activation(g, Aten.CLAMP, step, DECAY))
        .result();
  }

  /** {@code x.float().repeat_interleave(heads // groups)}. */
  private Tensor repeated(Graph g, Tensor x) {
    return Chain.of(g, Pointwise.cast(g, x, DataType.FP32, STREAMS))
        .then(wide -> ShapeOps.resized(g, wide, batch * sequence * heads * state, STREAMS))
        .result();
  }

  private Tensor residual(Graph g, Tensor wide, Tensor skip) {
    return Chain.of(g, ShapeOps.resized(g, wide, outputs(), STREAMS))
        .then(copy -> Pointwise.mul(g, skip, copy, OUTPUTS))
        .result();
  }

  /** Takes over the first argument. */
  private static Tensor timesSteps(Graph g, Tensor x, Tensor steps) {
    return Chain.of(g, x, Pointwise.cast(g, steps, DataType.FP32, DECAY))
        .then((values, wide) -> Pointwise.mul(g, values, wide, STREAMS))
        .result();
  }

  /** {@code reshape_into_chunks}, a copy even where nothing is padded; takes over the argument. */
  private static Tensor chunked(Graph g, Tensor x, long elements) {
    return Chain.of(g, x).then(t -> ShapeOps.resized(g, t, elements, STREAMS)).result();
  }

  private Tensor contracted(Graph g, Scope scope, Tensor x, Tensor rates, Tensor b, Tensor c) {
    Tensor summed = scope.own(ShapeOps.cumulativeSum(g, rates, DECAY));
    Tensor lower =
        scope.own(
            Chain.of(g, segmentSum(g, rates, batch * heads * chunks(), chunk))
                .then(sums -> Pointwise.savingResult(g, Aten.EXP, sums, SCORES))
                .result());
    Tensor raw = scope.own(contract(g, ordered(g, c), ordered(g, b), scores(), SCORES));
    Tensor masked = scope.own(Pointwise.mul(g, raw, lower, SCORES));
    Tensor diagonal = scope.own(contract(g, masked.hold(), ordered(g, x), outputs(), OUTPUTS));
    Tensor states = statesBefore(g, scope, x, summed, b);
    Tensor decayOut = scope.own(exp(g, summed));
    Tensor fromStates =
        scope.own(contract(g, ordered(g, c), ordered(g, states), outputs(), OUTPUTS));
    g.release(states);
    Tensor off = scope.own(Pointwise.mul(g, fromStates, decayOut, OUTPUTS));
    return Chain.of(g, Pointwise.add(g, diagonal, off, OUTPUTS))
        .then(sum -> Pointwise.copy(g, sum, OUTPUTS))
        .result();
  }

  /** The state at the beginning of each chunk. */
  private Tensor statesBefore(Graph g, Scope scope, Tensor x, Tensor summed, Tensor b) {
    Tensor ends = ShapeOps.slice(g, summed.hold(), batch * heads * chunks());
    Tensor decayStates =
        scope.own(
            Chain.of(g, Pointwise.add(g, summed, ends, DECAY))
                .then(difference -> Pointwise.savingResult(g, Aten.EXP, difference, DECAY))
                .result());
    Tensor decayedB = scope.own(Pointwise.mul(g, b, decayStates, STREAMS));
    Tensor own = contract(g, ordered(g, decayedB), ordered(g, x), states(), STATES);
    Tensor none =
        scope.own(
            g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, states() / chunks(), own.dtype()));
    Tensor all =
        Chain.of(g, own).then(states -> ShapeOps.concatenate(g, STATES, none, states)).result();
    Tensor decayChunk =
        scope.own(
            Chain.of(g, ends)
                .then(last -> ShapeOps.resized(g, last, lastSums(), DECAY))
                .then(padded -> segmentSum(g, padded, batch * heads, chunks() + 1))
                .then(sums -> Pointwise.savingResult(g, Aten.EXP, sums, DECAY))
                .result());
    Tensor passed =
        Chain.of(g, all)
            .then(
                states ->
                    contract(
                        g, ordered(g, decayChunk), ordered(g, states), states.elements(), STATES))
            .result();
    return ShapeOps.slice(g, passed, states());
  }

  private long lastSums() {
    return batch * heads * (chunks() + 1);
  }

  /** {@code segment_sum}: its first masked copy lives until it returns. */
  private static Tensor segmentSum(Graph g, Tensor x, long rows, long size) {
    try (Scope scope = Scope.of(g)) {
      Tensor below = scope.own(mask(g, size));
      Tensor first =
          scope.own(
              Chain.of(g, ShapeOps.expand(g, x.hold(), rows * size * size))
                  .then(expanded -> ShapeOps.maskedFill(g, expanded, below, SCORES))
                  .result());
      Tensor onOrBelow = scope.own(mask(g, size));
      return Chain.of(g, ShapeOps.cumulativeSum(g, first, SCORES))
          .then(sums -> ShapeOps.maskedFill(g, sums, onOrBelow, SCORES))
          .result();
    }
  }

  private static Tensor mask(Graph g, long size) {
    return g.allocate(Aten.EMPTY, SCORES, Category.OTHER, size * size, DataType.BOOL);
  }

  private static Tensor exp(Graph g, Tensor x) {
    return Pointwise.savingResult(g, Aten.EXP, x, DECAY);
  }

  /** An operand in the order of the product. */
  private static Tensor ordered(Graph g, Tensor x) {
    return Pointwise.copy(g, x, x.storage.name());
  }

  /** The product of two operands that are in its order; takes both over. */
  private static Tensor contract(Graph g, Tensor left, Tensor right, long elements, String name) {
    return Chain.of(g, lowered(g, left), lowered(g, right))
        .then((a, b) -> Matrix.product(g, a, b, elements, name))
        .result();
  }

  private static Tensor lowered(Graph g, Tensor x) {
    Tensor low = Pointwise.lowered(g, x);
    g.release(x);
    return low;
  }
}
