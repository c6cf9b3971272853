package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.vision.VisionOps;
import org.jspecify.annotations.Nullable;

/**
 * Of what a linear makes of squares one half gates the other.
 *
 * @param norm null where there is none
 */
record HalvedProjector(@Nullable Norms norm, Projection first, Projection second)
    implements ProjectorPart {

  static HalvedProjector load(ModuleFactory modules, Projector.Halved halved) {
    Norms norm = halved.norm().map(modules::norm).orElse(null);
    return new HalvedProjector(
        norm, modules.projection(halved.first()), modules.projection(halved.second()));
  }

  /** {@code x, gate = linear_1(...).chunk(2)}, then {@code linear_2(act(gate) * x)}. */
  @Override
  public Tensor forward(Graph g, Tensor patches, ProjectorModule.Batch batch) {
    Tensor squares = VisionOps.shuffled(g, patches);
    Tensor input = norm == null ? squares : g.rebind(squares, norm.forward(g, squares));
    Tensor both = g.rebind(input, first.forward(g, input));
    long half = both.elements() / 2;
    Tensor[] halves = FusedOps.split(g, both, half, half);
    try (Scope scope = Scope.of(g)) {
      scope.own(halves);
      Tensor gate = scope.own(Activations.apply(g, Activation.SILU, halves[1]));
      Tensor gated = scope.own(Pointwise.mul(g, gate, halves[0], "gated squares"));
      return second.forward(g, gated);
    }
  }
}
