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
 * Mamba's scan in plain PyTorch, token by token (transformers 5.24 mamba/modeling_mamba.py
 * mamba_selective_scan).
 *
 * @param inner features of the value stream
 * @param state features of a state
 */
record SelectiveScan(long batch, long sequence, long inner, long state) {

  private static final String DECAY = "scan decay";
  private static final String STATES = "scan states";
  private static final String STREAMS = "scan inputs";
  private static final String OUTPUTS = "scan outputs";

  /**
   * What the scan reads, all of them the caller's.
   *
   * @param steps time steps without their bias
   * @param rates decay rates, in fp32
   * @param skip the skip's weight, in fp32
   * @param bias of the time steps, in fp32
   */
  record Inputs(
      Tensor values,
      Tensor steps,
      Tensor rates,
      Tensor b,
      Tensor c,
      Tensor skip,
      Tensor gate,
      Tensor bias) {}

  /** The gated output, as wide as the skip's weight makes it. */
  Tensor forward(Graph g, Inputs in) {
    try (Scope names = Scope.of(g)) {
      Tensor step = names.own(step(g, in.steps(), in.bias()));
      Tensor exponents = broadcast(g, in.rates(), step, DECAY);
      Tensor decay =
          names.own(g.rebind(exponents, Pointwise.savingResult(g, Aten.EXP, exponents, DECAY)));
      Tensor wideB = Pointwise.cast(g, in.b(), DataType.FP32, STREAMS);
      Tensor scaledB = names.own(g.rebind(wideB, broadcast(g, wideB, step, STREAMS)));
      Tensor wide = Pointwise.cast(g, in.values(), DataType.FP32, STREAMS);
      Tensor added = names.own(g.rebind(wide, Pointwise.mul(g, scaledB, wide, STREAMS)));
      Tensor scanned = names.own(overTokens(g, in, decay, added, names));
      Tensor residual = Pointwise.mulByWeight(g, in.skip(), in.values(), OUTPUTS);
      Tensor sum = names.own(g.rebind(residual, Pointwise.add(g, scanned, residual, OUTPUTS)));
      Tensor activated = Pointwise.activation(g, Aten.SILU, in.gate(), "scan gates");
      return g.rebind(activated, Pointwise.mul(g, sum, activated, OUTPUTS));
    }
  }

  /** {@code softplus(dt + bias)}; autocast makes it fp32. */
  private static Tensor step(Graph g, Tensor x, Tensor wideBias) {
    Tensor bias = Pointwise.cast(g, wideBias, x.dtype(), DECAY);
    Tensor shifted = g.rebind(bias, Pointwise.add(g, x, bias, DECAY));
    Tensor wide = g.rebind(shifted, Pointwise.widened(g, shifted, DECAY));
    return g.rebind(wide, Pointwise.activation(g, Aten.SOFTPLUS, wide, DECAY));
  }

  /** The product of two that have a number for each state and for each token. */
  private Tensor broadcast(Graph g, Tensor a, Tensor b, String name) {
    Tensor spread = ShapeOps.expand(g, b.hold(), batch * sequence * inner * state);
    return g.rebind(spread, Pointwise.mul(g, a, spread, name));
  }

  /** Every token's output, which lives with the names until all are stacked and used. */
  private Tensor overTokens(Graph g, Inputs in, Tensor decay, Tensor added, Scope names) {
    DataType dtype = in.values().dtype();
    Tensor running =
        g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, batch * inner * state, dtype);
    Tensor[] outputs = new Tensor[Math.toIntExact(sequence)];
    for (int i = 0; i < outputs.length; i++) {
      running = g.rebind(running, next(g, running, decay, added));
      outputs[i] = names.own(output(g, running, in.c(), dtype));
    }
    names.own(running);
    return ShapeOps.concatenate(g, OUTPUTS, outputs);
  }

  private Tensor next(Graph g, Tensor running, Tensor decay, Tensor added) {
    try (Scope scope = Scope.of(g)) {
      Tensor own = scope.own(ShapeOps.slice(g, decay.hold(), running.elements()));
      Tensor faded = scope.own(Pointwise.mul(g, own, running, STATES));
      Tensor fresh = scope.own(ShapeOps.slice(g, added.hold(), running.elements()));
      return Pointwise.add(g, faded, fresh, STATES);
    }
  }

  private Tensor output(Graph g, Tensor running, Tensor c, DataType dtype) {
    try (Scope scope = Scope.of(g)) {
      Tensor narrow = scope.own(Pointwise.cast(g, running, dtype, STATES));
      Tensor left = scope.own(Pointwise.lowered(g, narrow));
      Tensor own = scope.own(ShapeOps.slice(g, c.hold(), batch * state));
      Tensor right = scope.own(Pointwise.lowered(g, own));
      return Matrix.product(g, left, right, batch * inner, OUTPUTS);
    }
  }
}
