package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import org.jspecify.annotations.Nullable;

/** A linear between two norms. */
record NormedProjector(Norms before, Projection linear, Norms after) implements ProjectorPart {

  static NormedProjector load(
      ModuleFactory modules, Projector.Normed normed, @Nullable Projection shared) {
    Norms before = modules.norm(normed.before());
    Norms after = modules.norm(normed.after());
    Projection linear = shared == null ? modules.projection(normed.linear()) : shared;
    return new NormedProjector(before, linear, after);
  }

  /** States of one image lie feature by feature, and those of several are read as a copy. */
  @Override
  public Tensor forward(Graph g, Tensor states, ProjectorModule.Batch batch) {
    Tensor normed = g.rebind(states, before.forward(g, states));
    Tensor read =
        batch.images() == 1
            ? normed
            : g.rebind(normed, Pointwise.copy(g, normed, "states row by row"));
    Tensor made = g.rebind(read, linear.forward(g, read));
    return g.rebind(made, after.forward(g, made));
  }
}
