package dev.vramcast.core.module;

import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.Images;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.vision.ChunkModule;
import dev.vramcast.core.module.vision.ConvNetModule;
import dev.vramcast.core.module.vision.PatchModule;
import dev.vramcast.core.module.vision.PoolModule;
import dev.vramcast.core.module.vision.TiledTowerModule;
import dev.vramcast.core.module.vision.TowerEmbedding;
import dev.vramcast.core.module.vision.projector.ProjectorModule;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the modules of a vision tower and its projectors, which puts their parameters onto the
 * trace.
 */
public final class VisionLoader {

  private final Encoder encoder;
  private final VisionStack stack;
  private final StepSettings settings;
  private final ModuleFactory modules;

  /** The optimizer finds no gradients of what this makes, so that it keeps what it trains. */
  private final ModuleFactory unreached;

  /** Null where nothing is shared with the language model. */
  private final @Nullable EmbeddingModule tokens;

  private VisionLoader(
      Graph g,
      Encoder encoder,
      StepSettings settings,
      Sharding sharding,
      @Nullable EmbeddingModule tokens) {
    this.tokens = tokens;
    this.encoder = encoder;
    this.stack = encoder.stack();
    this.settings = settings;
    this.modules = new ModuleFactory(g, settings, sharding);
    this.unreached = new ModuleFactory(g, settings, sharding);
  }

  /**
   * The tower of a model.
   *
   * @param model settings of the language model
   * @param tokens the language model's, which an encoder of text looks tokens up in, and with whose
   *     words others share a linear; null for one of pixels alone
   */
  static VisionModule load(
      Graph g,
      Encoder encoder,
      StepSettings model,
      Sharding sharding,
      @Nullable EmbeddingModule tokens) {
    Images images = model.job().batch().given(encoder.listens());
    ImageGrid.Parts parts = encoder.grid().of(images.count(), images.size()).orElseThrow();
    VisionStack stack = encoder.stack();
    boolean together =
        stack.patches().order() == PatchEmbedding.Order.IN_ONE_SEQUENCE
            || stack.chunks().isPresent() && !model.code().attendsInChunks();
    StepSettings settings =
        model.ofImages(stack.traits(), images.count(), parts.tiles(), parts.patches(), together);
    ModelingFile code = stack.modelingFile();
    try (Scope frame = Scope.of(g, ModuleScope.model(code.path(), code.prefix()))) {
      return frame.result(new VisionLoader(g, encoder, settings, sharding, tokens).load(parts));
    }
  }

  /** As above, of one that reads pixels. */
  public static VisionModule load(Graph g, Encoder encoder, StepSettings model, Sharding sharding) {
    return load(g, encoder, model, sharding, null);
  }

  private VisionModule load(ImageGrid.Parts parts) {
    TowerEmbedding patches =
        ofTower(
            () ->
                stack.text().isPresent()
                    ? TextModule.load(modules, settings, stack, Objects.requireNonNull(tokens))
                    : ofPixelsOrSound());
    TiledTowerModule tiled =
        encoder
            .crossing()
            .flatMap(Encoder.Crossing::tower)
            .map(each -> ofTower(() -> TiledTowerModule.load(modules, each)))
            .orElse(null);
    VisionModule.Layers layers = layers(patches);
    return new VisionModule(
        settings, encoder, parts, patches, layers, projectors(), tiled, modules.trainables());
  }

  private TowerEmbedding ofPixelsOrSound() {
    if (stack.patches().net().isPresent()) {
      return ConvNetModule.load(modules, settings, stack.patches());
    }
    Images given = settings.job().batch().given(encoder.listens());
    return stack.chunks().isPresent()
        ? ChunkModule.load(modules, settings, stack, given.size().orElseThrow().width())
        : PatchModule.load(modules, settings, stack.patches());
  }

  private <T> T ofTower(Supplier<T> body) {
    boolean none = stack.layers().read().isEmpty() && stack.patches().around().size() > 0;
    return modules.frozen(isFrozen(none ? FrozenPart.PROJECTORS : FrozenPart.TOWERS), body);
  }

  private boolean isFrozen(FrozenPart part) {
    return settings.job().frozen().contains(part);
  }

  private VisionModule.Layers layers(TowerEmbedding patches) {
    VisionStack.Layers all = stack.layers();
    LayerPaths paths = new LayerPaths(all.path(), stack.layerCount() + all.unread().layerCount());
    boolean still = isFrozen(FrozenPart.TOWERS);
    boolean reached = reachesLayers(patches, !modules.trainables().isEmpty());
    ModuleFactory inner = reached ? modules : unreached;
    List<RepeatedLayers> read = inner.frozen(still, () -> layers(inner, all.read(), paths));
    VisionModule.Unread unread = unreached.frozen(still, () -> unread(all.unread(), paths));
    unreached.trainables().forEach(each -> each.parameter().putOutOfReach());
    Optional<Norms> after = modules.frozen(still, () -> all.after().map(modules::finalNorm));
    Optional<PoolModule> pool =
        modules.frozen(still, () -> stack.pool().map(each -> PoolModule.load(modules, each)));
    return new VisionModule.Layers(read, after.orElse(null), pool.orElse(null), unread);
  }

  /**
   * Whether layers get gradients: a reentrant checkpoint gives none where its input needs none
   * (torch/utils/checkpoint.py CheckpointFunction).
   *
   * @param trained the patch embedding is
   */
  private boolean reachesLayers(TowerEmbedding patches, boolean trained) {
    if (patches instanceof TextModule text && text.tokens().trains()) {
      return true;
    }
    boolean cuts = settings.job().reentrantCheckpoints() && settings.code().checkpointsLayers();
    return !cuts || trained || VisionModule.requiresGrad(settings, patches) && patches.takesLeaf();
  }

  private VisionModule.Unread unread(VisionStack.Unread unread, LayerPaths paths) {
    List<RepeatedLayers> layers = layers(unreached, unread.layers(), paths);
    for (ParameterTensor tensor : unread.parameters()) {
      unreached.layerParameter("norm weights", tensor.count(), 1);
    }
    return new VisionModule.Unread(layers, unread.norm().map(unreached::finalNorm).orElse(null));
  }

  private List<RepeatedLayers> layers(
      ModuleFactory factory, List<LayerRun> runs, LayerPaths paths) {
    LayerFactory made = new LayerFactory(factory, settings, 0, stack.modelingFile());
    List<RepeatedLayers> layers = new ArrayList<>();
    runs.forEach(run -> layers.add(made.repeated(run, paths.next(run), false)));
    return layers;
  }

  private VisionModule.Projectors projectors() {
    ProjectorModule last = projector(encoder.projector());
    List<VisionModule.Branch> branches = new ArrayList<>();
    for (Encoder.Branch each : encoder.branches()) {
      branches.add(new VisionModule.Branch(each.layers(), projector(each.projector())));
    }
    return new VisionModule.Projectors(last, branches, rowEnd());
  }

  private ProjectorModule projector(Projector projector) {
    FrozenPart part = encoder.listens() ? partOf(projector) : FrozenPart.PROJECTORS;
    return modules.frozen(isFrozen(part), () -> loaded(projector));
  }

  private ProjectorModule loaded(Projector projector) {
    Optional<Projection> shared =
        projector instanceof Projector.Normed normed && tokens != null
            ? tokens.start().shared(normed.linear().name())
            : Optional.empty();
    return ProjectorModule.load(modules, settings, projector, shared.orElse(null));
  }

  /** Encoders of sound may end with linears of their own. */
  private static FrozenPart partOf(Projector projector) {
    return projector instanceof Projector.Perceptron perceptron
            && perceptron.linears().stream().noneMatch(each -> Tower.isProjector(each.name()))
        ? FrozenPart.TOWERS
        : FrozenPart.PROJECTORS;
  }

  private @Nullable Parameter rowEnd() {
    return encoder
        .rowEnd()
        .map(each -> modules.layerParameter("row end", each.count(), 1))
        .orElse(null);
  }
}
