package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.vision.VisionOps;

/** Squares of patches are unfolded and merged by a linear before a perceptron. */
record MergedSquares(Norms norm, Projection merging, Perceptron perceptron)
    implements ProjectorPart {

  static MergedSquares load(ModuleFactory modules, Projector.Merged merged) {
    Norms norm = modules.norm(merged.norm());
    Projection merging = modules.projection(merged.merging());
    return new MergedSquares(norm, merging, Perceptron.load(modules, merged.perceptron()));
  }

  /** transformers Mistral3PatchMerger: its list of unfolded images is alive until it returns. */
  @Override
  public Tensor forward(Graph g, Tensor patches, ProjectorModule.Batch batch) {
    Tensor input = g.rebind(patches, norm.forward(g, patches));
    Tensor merged;
    try (Scope scope = Scope.of(g)) {
      Tensor unfolded = scope.own(VisionOps.unfolded(g, input, batch.images()));
      Tensor squares = ShapeOps.concatenate(g, "merged patches", unfolded);
      merged = g.rebind(squares, merging.forward(g, squares));
    }
    return perceptron.through(g, merged);
  }
}
