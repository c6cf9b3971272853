package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;

/**
 * Which tokens go where (megatron/core/transformer/moe/token_dispatcher.py).
 *
 * @param sent copies of tokens that this rank's router makes, one for each choice
 * @param received copies that arrive at this rank's experts from ranks of its expert-parallel group
 * @param tensor ranks that compute the same experts and gather each other's copies
 * @param sorts there are several experts, for which copies are put in order
 */
record Dispatch(long sent, long received, int tensor, boolean sorts) {

  /**
   * Copies are even over the experts' ranks, times {@code imbalance} on the fullest; it cannot get
   * more than there are.
   */
  static Dispatch of(Rows rows, Division division, MixtureOfExperts whole, double imbalance) {
    long sent = Math.multiplyExact(rows.share(), whole.topK());
    double factor = Math.min(imbalance, division.experts().degree());
    return new Dispatch(
        sent,
        (long) Math.ceil(sent * factor),
        division.experts().tensor(),
        whole.experts() / division.experts().degree() > 1);
  }

  /** Copies that run through this rank's experts. */
  long computed() {
    return received * tensor;
  }

  /** Copies in the order of the experts; the argument stays the caller's. */
  Tensor sorted(Graph g, Tensor received, long hidden) {
    Tensor all = tensor == 1 ? received.hold() : exchanged(g, received, computed() * hidden);
    if (!sorts) {
      return all;
    }
    return g.rebind(all, exchanged(g, all, computed() * hidden));
  }

  /** Copies in the order in which they came. Takes over the argument. */
  Tensor unsorted(Graph g, Tensor computed, long hidden) {
    Tensor all = sorts ? exchanged(g, computed, computed() * hidden) : computed.hold();
    try (Scope scope = Scope.of(g)) {
      scope.own(computed, all);
      return tensor == 1 ? all.hold() : exchanged(g, all, received * hidden);
    }
  }

  private static Tensor exchanged(Graph g, Tensor x, long elements) {
    return ShapeOps.resized(g, x, elements, "dispatched tokens");
  }
}
