package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.autograd.op.ShapeOps;
import org.jspecify.annotations.Nullable;

/**
 * Two products, a scale and a sum with the result of the frozen matrix: Megatron-Bridge 0.3,
 * bridge/peft/utils.py, ParallelLinearAdapter; mcore_bridge 1.6, tuners/lora.py,
 * LoraParallelLinear.
 *
 * @param first product, into the rank of the adapter
 * @param second product, on other tokens where the results of the first are gathered or scattered
 * @param gathering of the columns that each rank makes, null where they stay apart
 */
record Adapter(
    Parameter down,
    Parameter up,
    Product first,
    Product second,
    double dropout,
    @Nullable Gathering gathering) {

  /**
   * Elements of a result that is put together from all ranks' columns.
   *
   * @param all of all tokens
   * @param share of this rank's tokens, of which it keeps them
   */
  record Gathering(long all, long share) {}

  /** The sum; {@code x} stays the caller's, {@code base} is taken over. */
  Tensor add(Graph g, Tensor x, Tensor base) {
    Tensor dropped = Pointwise.dropout(g, x, dropout, "dropped inputs");
    Tensor made = g.rebind(dropped, FusedLayers.column(g, dropped, down.value(), first));
    Tensor inner = resized(g, made, Math.multiplyExact(second.rows(), second.in()));
    Tensor wide = g.rebind(inner, FusedLayers.column(g, inner, up.value(), second));
    Tensor whole = gathered(g, wide);
    Tensor scaled = g.rebind(whole, Pointwise.scale(g, whole, "adapter outputs"));
    return g.rebind(base, scaled, Pointwise.add(g, base, scaled, "projections"));
  }

  /** Takes over the argument. */
  private Tensor gathered(Graph g, Tensor wide) {
    if (gathering == null) {
      return wide;
    }
    Tensor all = resized(g, wide, gathering.all());
    return resized(g, all, gathering.share());
  }

  /** Takes over the argument. */
  private static Tensor resized(Graph g, Tensor x, long elements) {
    if (x.elements() == elements) {
      return x;
    }
    return g.rebind(x, ShapeOps.resized(g, x, elements, "adapter outputs"));
  }
}
