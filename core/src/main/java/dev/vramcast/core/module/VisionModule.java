package dev.vramcast.core.module;

import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.module.vision.PatchModule;
import dev.vramcast.core.module.vision.ProjectorModule;
import dev.vramcast.core.module.vision.VisionOps;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vision tower and its projector, after their parameters were put onto the trace.
 *
 * @param settings those of the tower, whose tokens are patches
 * @param parts of an image
 * @param after null where no norm stands behind the layers
 * @param branches projectors of hidden states in the midst of the tower
 * @param divided the result is divided by images and put together again
 */
public record VisionModule(
    StepSettings settings,
    ImageGrid.Parts parts,
    PatchModule patches,
    List<RepeatedLayers> layers,
    @Nullable Norms after,
    ProjectorModule projector,
    List<Branch> branches,
    boolean divided,
    List<Trainable> trainables) {

  /**
   * A projector of hidden states in the midst of the tower.
   *
   * @param layers that they have gone through
   */
  public record Branch(int layers, ProjectorModule projector) {}

  static VisionModule load(Graph g, Encoder encoder, StepSettings model, Sharding sharding) {
    ImageGrid.Parts parts = encoder.grid().of(model.job().batch().images().size()).orElseThrow();
    VisionStack stack = encoder.stack();
    StepSettings settings = model.ofImages(stack.traits(), parts.patches());
    ModelingFile code = stack.modelingFile();
    try (Scope frame = Scope.of(g, ModuleScope.model(code.path(), code.prefix()))) {
      ModuleFactory modules = new ModuleFactory(g, settings, sharding);
      PatchModule patches = PatchModule.load(modules, settings, stack.patches());
      List<RepeatedLayers> layers = layers(modules, settings, stack);
      Norms after = stack.after().map(modules::finalNorm).orElse(null);
      ProjectorModule projector = ProjectorModule.load(modules, encoder.projector());
      List<Branch> branches = new ArrayList<>();
      for (Encoder.Branch each : encoder.branches()) {
        branches.add(new Branch(each.layers(), ProjectorModule.load(modules, each.projector())));
      }
      return frame.result(
          new VisionModule(
              settings,
              parts,
              patches,
              layers,
              after,
              projector,
              branches,
              encoder.divided(),
              modules.trainables()));
    }
  }

  private static List<RepeatedLayers> layers(
      ModuleFactory modules, StepSettings settings, VisionStack stack) {
    LayerFactory factory = new LayerFactory(modules, settings, 0, stack.modelingFile());
    LayerPaths paths = new LayerPaths(stack.layerPath(), stack.layerCount());
    List<RepeatedLayers> layers = new ArrayList<>();
    stack.layers().forEach(run -> layers.add(factory.repeated(run, paths.next(run), false)));
    return layers;
  }

  /** The layers between branches, in order; all of them where there are none. */
  public List<List<RepeatedLayers>> segments() {
    if (branches.isEmpty()) {
      return List.of(layers);
    }
    RepeatedLayers all = layers.get(0);
    List<List<RepeatedLayers>> segments = new ArrayList<>();
    int before = 0;
    for (Branch branch : branches) {
      segments.add(segment(all, before, branch.layers()));
      before = branch.layers();
    }
    segments.add(segment(all, before, all.times()));
    return segments;
  }

  /** A branch holds what the first layer behind it reads, so that one stands alone. */
  private static List<RepeatedLayers> segment(RepeatedLayers all, int from, int to) {
    int times = to - from;
    return from == 0 || times == 1 ? List.of(all.of(times)) : List.of(all.of(1), all.of(times - 1));
  }

  /** The tokens of a branch; the hidden states stay the caller's. */
  public Tensor branch(Graph g, int index, Tensor hidden) {
    Tensor tokens =
        branches
            .get(index)
            .projector()
            .forward(g, hidden.hold(), settings.batch() * parts.tokens());
    return divided ? VisionOps.together(g, tokens) : tokens;
  }

  /** Features of a head that are rotated, 0 where positions enter by a table. */
  public int rotatedFeatures() {
    return layers.get(0).layers().get(0).layer().mixer() instanceof PatchAttention attention
        ? attention.headSize()
        : 0;
  }

  /** Values of the pixels of a batch. */
  public long pixels() {
    return settings.tokens() * patches.embedding().pixels();
  }

  /** The tower's result, from the hidden states of its last layer, which it takes over. */
  public Tensor finish(Graph g, Tensor hidden) {
    return after == null ? hidden : g.rebind(hidden, after.forward(g, hidden));
  }

  /** The tokens of all images, from the tower's result, which it takes over. */
  public Tensor project(Graph g, Tensor last) {
    Tensor tokens = projector.forward(g, last, settings.batch() * parts.tokens());
    Tensor ordered = patches.embedding().reordered() ? VisionOps.reordered(g, tokens) : tokens;
    return divided ? VisionOps.together(g, ordered) : ordered;
  }

  /** Puts the tokens of images where they stand among those of the text; both stay the caller's. */
  public static Tensor merge(Graph g, Tensor embeddings, Tensor images, long tokens) {
    return VisionOps.scattered(g, embeddings, images, tokens);
  }
}
