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
      Tensor wideSteps = Pointwise.cast(g, steps, DataType.FP32, DECAY);
      Tensor decay = g.rebind(wideSteps, Pointwise.mul(g, in[2], wideSteps, DECAY));
      Tensor values = scope.own(chunked(g, stepped, outputs()));
      Tensor rates = scope.own(chunked(g, decay, padded() * heads));
      Tensor b = scope.own(chunked(g, wideB, streams()));
      Tensor c = scope.own(chunked(g, wideC, streams()));
      Tensor output = contracted(g, scope, values, rates, b, c);
      return ShapeOps.slice(
          g,
          g.rebind(output, Pointwise.add(g, output, residual, OUTPUTS)),
          outputs() / padded() * batch * sequence);
    }
  }

  /** {@code clamp(softplus(dt + dt_bias))}; autocast makes it fp32. */
  private static Tensor steps(Graph g, Tensor x, Tensor bias) {
    Tensor shifted = Pointwise.add(g, x, bias, DECAY);
    Tensor wide = g.rebind(shifted, Pointwise.widened(g, shifted, DECAY));
    Tensor step = g.rebind(wide, Pointwise.activation(g, Aten.SOFTPLUS, wide, DECAY));
    return g.rebind(step, Pointwise.activation(g, Aten.CLAMP, step, DECAY));
  }

  /** {@code x.float().repeat_interleave(heads // groups)}. */
  private Tensor repeated(Graph g, Tensor x) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, STREAMS);
    return g.rebind(wide, ShapeOps.resized(g, wide, batch * sequence * heads * state, STREAMS));
  }

  private Tensor residual(Graph g, Tensor wide, Tensor skip) {
    Tensor copy = ShapeOps.resized(g, wide, outputs(), STREAMS);
    return g.rebind(copy, Pointwise.mul(g, skip, copy, OUTPUTS));
  }

  /** Takes over the first argument. */
  private static Tensor timesSteps(Graph g, Tensor x, Tensor steps) {
    Tensor values = x;
    Tensor wide = Pointwise.cast(g, steps, DataType.FP32, DECAY);
    return g.rebind(values, wide, Pointwise.mul(g, values, wide, STREAMS));
  }

  /** {@code reshape_into_chunks}, a copy even where nothing is padded; takes over the argument. */
  private static Tensor chunked(Graph g, Tensor x, long elements) {
    return g.rebind(x, ShapeOps.resized(g, x, elements, STREAMS));
  }

  private Tensor contracted(Graph g, Scope scope, Tensor x, Tensor rates, Tensor b, Tensor c) {
    Tensor summed = scope.own(ShapeOps.cumulativeSum(g, rates, DECAY));
    Tensor sums = segmentSum(g, rates, batch * heads * chunks(), chunk);
    Tensor lower = scope.own(g.rebind(sums, Pointwise.savingResult(g, Aten.EXP, sums, SCORES)));
    Tensor raw = scope.own(contract(g, ordered(g, c), ordered(g, b), scores(), SCORES));
    Tensor masked = scope.own(Pointwise.mul(g, raw, lower, SCORES));
    Tensor diagonal = scope.own(contract(g, masked.hold(), byChunk(g, x), outputs(), OUTPUTS));
    Tensor states = scope.own(statesBefore(g, scope, x, summed, b));
    Tensor decayOut = scope.own(exp(g, summed));
    Tensor fromStates =
        scope.own(contract(g, ordered(g, c), byChunk(g, states), outputs(), OUTPUTS));
    Tensor off = scope.own(Pointwise.mul(g, fromStates, decayOut, OUTPUTS));
    Tensor sum = Pointwise.add(g, diagonal, off, OUTPUTS);
    return g.rebind(sum, Pointwise.copy(g, sum, OUTPUTS));
  }

  /** The state at the beginning of each chunk. */
  private Tensor statesBefore(Graph g, Scope scope, Tensor x, Tensor summed, Tensor b) {
    Tensor ends = ShapeOps.slice(g, summed.hold(), batch * heads * chunks());
    Tensor difference = Pointwise.add(g, summed, ends, DECAY);
    Tensor decayStates =
        scope.own(g.rebind(difference, Pointwise.savingResult(g, Aten.EXP, difference, DECAY)));
    Tensor decayedB = scope.own(Pointwise.mul(g, b, decayStates, STREAMS));
    Tensor own = contract(g, ordered(g, decayedB), byChunk(g, x), states(), STATES);
    Tensor none =
        scope.own(
            g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, states() / chunks(), own.dtype()));
    Tensor all = g.rebind(own, ShapeOps.concatenate(g, STATES, none, own));
    Tensor padded = g.rebind(ends, ShapeOps.resized(g, ends, lastSums(), DECAY));
    Tensor sums = g.rebind(padded, segmentSum(g, padded, batch * heads, chunks() + 1));
    Tensor decayChunk = scope.own(g.rebind(sums, Pointwise.savingResult(g, Aten.EXP, sums, DECAY)));
    Tensor passed =
        g.rebind(all, contract(g, ordered(g, decayChunk), ordered(g, all), all.elements(), STATES));
    return ShapeOps.slice(g, passed, states());
  }

  private long lastSums() {
    return batch * heads * (chunks() + 1);
  }

  /** {@code segment_sum}: its first masked copy lives until it returns. */
  private static Tensor segmentSum(Graph g, Tensor x, long rows, long size) {
    try (Scope scope = Scope.of(g)) {
      Tensor below = scope.own(mask(g, size));
      Tensor expanded = ShapeOps.expand(g, x.hold(), rows * size * size);
      Tensor first = scope.own(g.rebind(expanded, ShapeOps.maskedFill(g, expanded, below, SCORES)));
      Tensor onOrBelow = scope.own(mask(g, size));
      Tensor sums = ShapeOps.cumulativeSum(g, first, SCORES);
      return g.rebind(sums, ShapeOps.maskedFill(g, sums, onOrBelow, SCORES));
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

  /**
   * As {@link #ordered} values and states, which one chunk alone has in order: the convolution lays
   * values out as {@code [batch, heads, head size, sequence]}, which padding keeps, and a product
   * lays states out by head. A dimension of one is none to {@code sumproduct_pair}.
   */
  private Tensor byChunk(Graph g, Tensor x) {
    return chunks() == 1 ? x.hold() : ordered(g, x);
  }

  /** The product of two operands that are in its order; takes both over. */
  private static Tensor contract(Graph g, Tensor left, Tensor right, long elements, String name) {
    Tensor a = lowered(g, left);
    Tensor b = lowered(g, right);
    return g.rebind(a, b, Matrix.product(g, a, b, elements, name));
  }

  private static Tensor lowered(Graph g, Tensor x) {
    return g.rebind(x, Pointwise.lowered(g, x));
  }
}
