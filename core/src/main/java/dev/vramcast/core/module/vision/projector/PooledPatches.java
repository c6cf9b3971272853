package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.vision.VisionOps;

/** Patches are pooled, normalised and multiplied by a bare weight. */
record PooledPatches(Norms norm, Projection weight, long width) implements ProjectorPart {

  static PooledPatches load(ModuleFactory modules, Projector.Pooled pooled) {
    Projection weight = modules.bareProjection(pooled.weight());
    return new PooledPatches(modules.norm(pooled.norm()), weight, pooled.weight().in());
  }

  /** transformers Gemma3MultiModalProjector: the patches are turned round to be pooled. */
  @Override
  public Tensor forward(Graph g, Tensor patches, ProjectorModule.Batch batch) {
    Tensor turned = g.rebind(patches, Pointwise.copy(g, patches, "patches by feature"));
    Tensor pooled = g.rebind(turned, VisionOps.pooled(g, turned, batch.tokens() * width));
    Tensor input = g.rebind(pooled, norm.forward(g, pooled));
    return g.rebind(input, weight.forward(g, input));
  }
}
