package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Chain;
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
      Tensor gate =
          Chain.of(g, sharedGate.forward(g, x))
              .then(score -> Pointwise.savingResult(g, Aten.SIGMOID, score, "shared expert gate"))
              .result();
      Tensor gated = Pointwise.mul(g, gate, output, "shared expert outputs");
      g.release(gate, output);
      output = gated;
    }
    Tensor sum = Pointwise.add(g, routed, output, "expert sums");
    g.release(routed, output);
    return sum;
  }
}
