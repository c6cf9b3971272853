package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;

/**
 * Scales what it reads by the sigmoid of two projections of it (transformers axk2/modeling_axk2.py
 * AXK2GatedRMSNorm.forward, AXK2GateMLP).
 *
 * @param down to the low rank
 * @param up from there
 */
public record LowRankGate(Projection down, Projection up) {

  private static final String NAME = "gates";

  /** The argument stays the caller's. */
  public Tensor forward(Graph g, Tensor x) {
    Tensor low = down.forward(g, x);
    Tensor activated = g.rebind(low, Pointwise.activation(g, Aten.SILU, low, NAME));
    Tensor raw = g.rebind(activated, up.forward(g, activated));
    return g.rebind(raw, scaled(g, x, raw));
  }

  /** {@code x} times the sigmoid in fp32 of a gate, in its own dtype; both stay the caller's. */
  public static Tensor scaled(Graph g, Tensor x, Tensor gate) {
    Tensor wide = Pointwise.cast(g, gate, DataType.FP32, NAME);
    Tensor sigmoid = g.rebind(wide, Pointwise.savingResult(g, Aten.SIGMOID, wide, NAME));
    Tensor product = g.rebind(sigmoid, Pointwise.mul(g, x, sigmoid, "gated in fp32"));
    return g.rebind(product, Pointwise.cast(g, product, x.dtype(), "gated"));
  }
}
