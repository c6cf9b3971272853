package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import org.jspecify.annotations.Nullable;

/**
 * Router, routed experts, and the MLP that every token visits.
 *
 * @param shared null when there is none
 * @param sharedFirst it runs before router and experts
 * @param sharedGate null when the shared MLP is not gated
 * @param repeats how often each token is there for the routed experts; 0 where each takes its own
 * @param scaled what the routed experts gave is multiplied by a constant
 */
record MixturePart(
    Router router,
    Experts experts,
    @Nullable SharedMlp shared,
    boolean sharedFirst,
    @Nullable Projection sharedGate,
    int repeats,
    boolean scaled)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs inputs) {
    Tensor early = shared != null && sharedFirst ? shared.forward(g, x) : null;
    Router.Choice choice = router.forward(g, x, inputs.scores());
    Tensor rows = repeats == 0 ? x.hold() : Routing.repeated(g, x, repeats * x.elements());
    Tensor routed = experts.forward(g, rows, choice);
    if (scaled) {
      routed = g.rebind(routed, Pointwise.scale(g, routed, "scaled expert sums"));
    }
    if (early != null) {
      routed = withShared(g, x, routed, early);
    } else if (shared != null) {
      routed = withShared(g, x, routed, shared.forward(g, x));
    }
    g.release(rows);
    choice.release(g);
    return routed;
  }

  /** Takes over both outputs. */
  private Tensor withShared(Graph g, Tensor x, Tensor routed, Tensor everywhere) {
    Tensor output = everywhere;
    if (sharedGate != null) {
      Tensor score = sharedGate.forward(g, x);
      Tensor gate =
          g.rebind(score, Pointwise.savingResult(g, Aten.SIGMOID, score, "shared expert gate"));
      Tensor gated =
          g.rebind(gate, output, Pointwise.mul(g, gate, output, "shared expert outputs"));
      output = gated;
    }
    return g.rebind(routed, output, Pointwise.add(g, routed, output, "expert sums"));
  }
}
