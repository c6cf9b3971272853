package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.vision.VisionOps;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linears with activations between them, behind patches that are gathered in one of several ways.
 *
 * @param norm null where there is none
 */
record Perceptron(Projector.Perceptron projector, @Nullable Norms norm, List<Projection> linears)
    implements ProjectorPart {

  static Perceptron load(
      ModuleFactory modules, StepSettings settings, Projector.Perceptron projector) {
    return load(modules, inRelease(projector, settings));
  }

  static Perceptron load(ModuleFactory modules, Projector.Perceptron projector) {
    Norms norm = projector.norm().map(modules::norm).orElse(null);
    return new Perceptron(projector, norm, modules.projections(projector.linears()));
  }

  private static Projector.Perceptron inRelease(
      Projector.Perceptron perceptron, StepSettings settings) {
    boolean apart =
        perceptron.gathering() == Projector.Gathering.SQUARES_BY_NUMBER
            && !settings.code().seesImagesAtOnce();
    return apart
        ? new Projector.Perceptron(
            perceptron.norm(),
            perceptron.linears(),
            perceptron.activation(),
            Projector.Gathering.SQUARES_OF_IMAGES)
        : perceptron;
  }

  @Override
  public Tensor forward(Graph g, Tensor patches, ProjectorModule.Batch batch) {
    return switch (projector.gathering()) {
      case SQUARES_BY_IMAGE -> byImage(g, patches);
      case SQUARES_BY_NUMBER -> byNumber(g, patches, batch.tokens());
      case IN_ORDER -> together(g, patches);
      case SQUARES_OF_IMAGES -> together(g, squares(g, patches, batch.tokens()));
      case WITHOUT_CLASS -> together(g, withoutClass(g, patches, batch));
      case SHUFFLED -> together(g, VisionOps.shuffled(g, patches));
      case SHUFFLED_WITHOUT_CLASS -> together(g, VisionOps.shuffled(g, cells(g, patches, batch)));
    };
  }

  /** What is made of gathered patches, which are taken over. */
  private Tensor together(Graph g, Tensor gathered) {
    return through(g, normed(g, gathered));
  }

  private Tensor normed(Graph g, Tensor input) {
    return norm == null ? input : g.rebind(input, norm.forward(g, input));
  }

  /** transformers PaddleOCRProjector, whose images all have names until it returns. */
  private Tensor byImage(Graph g, Tensor patches) {
    Tensor normed = normed(g, ShapeOps.divided(g, patches));
    Tensor squares = g.rebind(normed, Pointwise.copy(g, normed, "squares of patches"));
    Tensor tokens = through(g, squares);
    return g.rebind(tokens, ShapeOps.concatenate(g, "tokens of images", tokens));
  }

  /** transformers Lfm2VlModel.get_image_features, which names the squares until it returns. */
  private Tensor byNumber(Graph g, Tensor patches, long tokens) {
    try (Scope names = Scope.of(g)) {
      names.own(patches);
      Tensor taken =
          names.own(VisionOps.indexed(g, patches, patches.elements(), "squares of patches"));
      Tensor all = through(g, normed(g, Pointwise.copy(g, taken, "squares of patches")));
      long width = projector.linears().get(linears.size() - 1).out();
      return VisionOps.chosen(g, all, tokens * width);
    }
  }

  private Tensor squares(Graph g, Tensor patches, long tokens) {
    long square = projector.linears().get(0).in();
    Tensor shown = ShapeOps.slice(g, patches, tokens * square);
    return g.rebind(shown, Pointwise.copy(g, shown, "squares of patches"));
  }

  private static Tensor withoutClass(Graph g, Tensor patches, ProjectorModule.Batch batch) {
    Tensor kept = cells(g, patches, batch);
    // A linear with a bias reads a part of several images as a copy (at::linear).
    return batch.images() == 1
        ? kept
        : g.rebind(kept, Pointwise.copy(g, kept, "patches without class"));
  }

  /** The hidden states of images without those of their class tokens, one each. */
  private static Tensor cells(Graph g, Tensor patches, ProjectorModule.Batch batch) {
    long all = batch.cells() + batch.images();
    return ShapeOps.slice(g, patches, batch.cells() * patches.elements() / all);
  }

  /** What the linears make of an input, which they take over. */
  Tensor through(Graph g, Tensor input) {
    Tensor hidden = input;
    for (int i = 0; i < linears.size(); i++) {
      hidden = g.rebind(hidden, linears.get(i).forward(g, hidden));
      if (i < linears.size() - 1) {
        hidden = g.rebind(hidden, Activations.apply(g, projector.activation(), hidden));
      }
    }
    return hidden;
  }
}
