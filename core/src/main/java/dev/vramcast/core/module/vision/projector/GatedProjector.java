package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.experts.MixtureFactory;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.GatedMlpPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;

/** A linear, a norm with a GELU behind it, and a gated MLP. */
record GatedProjector(Projection first, Norms norm, GatedMlpPart mlp) implements ProjectorPart {

  static GatedProjector load(ModuleFactory modules, StepSettings settings, Projector.Gated gated) {
    Projection first = modules.projection(gated.first());
    Norms norm = modules.norm(gated.norm());
    return new GatedProjector(
        first, norm, new MixtureFactory(modules, settings).gated(gated.mlp()));
  }

  @Override
  public Tensor forward(Graph g, Tensor squares, ProjectorModule.Batch batch) {
    Tensor made = g.rebind(squares, first.forward(g, squares));
    Tensor normed = g.rebind(made, norm.forward(g, made));
    Tensor active = g.rebind(normed, Activations.apply(g, Activation.GELU, normed));
    return g.rebind(active, mlp.forward(g, active));
  }
}
