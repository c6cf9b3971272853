package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.GatedMlpPart;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import org.jspecify.annotations.Nullable;

/**
 * Router, routed experts, and the MLP that every token visits.
 *
 * @param shared null when there is none
 * @param sharedGate null when the shared MLP is not gated
 */
record MixturePart(
    Router router, Experts experts, @Nullable GatedMlpPart shared, @Nullable Projection sharedGate)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs inputs) {
    Router.Choice choice = router.forward(g, x);
    Tensor routed = experts.forward(g, x, choice);
    Tensor result = shared == null ? routed : withShared(g, x, routed, shared);
    choice.release(g);
    return result;
  }

  private Tensor withShared(Graph g, Tensor x, Tensor routed, GatedMlpPart everywhere) {
    Tensor output = everywhere.forward(g, x);
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
