package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.trace.ModuleScope;
import org.jspecify.annotations.Nullable;

/**
 * Patches to tokens of the language model.
 *
 * @param part what makes them
 */
public record ProjectorModule(ModuleScope scope, ProjectorPart part) {

  /**
   * What a projector is given.
   *
   * @param images that are given at once, tiles among them
   * @param cells patches of all images, without class tokens
   * @param tokens of all images
   * @param padded some patches show nothing
   */
  public record Batch(long images, long cells, long tokens, boolean padded) {}

  /**
   * Puts the parameters onto the trace.
   *
   * @param shared a linear that is there; null where the projector has its own
   */
  public static ProjectorModule load(
      ModuleFactory modules,
      StepSettings settings,
      Projector projector,
      @Nullable Projection shared) {
    ModuleScope scope = modules.site().module().own("", "MultiModalProjector.forward");
    return new ProjectorModule(scope, part(modules, settings, projector, shared));
  }

  private static ProjectorPart part(
      ModuleFactory modules,
      StepSettings settings,
      Projector projector,
      @Nullable Projection shared) {
    if (projector instanceof Projector.Absent) {
      return (g, patches, batch) -> patches;
    }
    if (projector instanceof Projector.Pooled pooled) {
      return PooledPatches.load(modules, pooled);
    }
    if (projector instanceof Projector.Resampled resampled) {
      return ResamplerModule.load(modules, settings, resampled);
    }
    if (projector instanceof Projector.Looked looked) {
      return VisualWords.load(modules, looked);
    }
    if (projector instanceof Projector.Merged merged) {
      return MergedSquares.load(modules, merged);
    }
    if (projector instanceof Projector.Gated gated) {
      return GatedProjector.load(modules, settings, gated);
    }
    if (projector instanceof Projector.Normed normed) {
      return NormedProjector.load(modules, normed, shared);
    }
    if (projector instanceof Projector.Twice twice) {
      Perceptron patches = Perceptron.load(modules, twice.patches());
      Perceptron squares = Perceptron.load(modules, twice.squares());
      return (g, read, batch) -> squares.through(g, patches.through(g, read));
    }
    if (projector instanceof Projector.Framed framed) {
      return FramedProjector.load(modules, framed);
    }
    if (projector instanceof Projector.Halved halved) {
      return HalvedProjector.load(modules, halved);
    }
    return Perceptron.load(modules, settings, (Projector.Perceptron) projector);
  }

  /** Tokens of all images; takes over the patches. */
  public Tensor forward(Graph g, Tensor patches, Batch batch) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(part.forward(g, patches, batch));
    }
  }
}
