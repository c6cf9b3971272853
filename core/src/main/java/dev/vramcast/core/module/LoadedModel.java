package dev.vramcast.core.module;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelExtras.NarrowEmbeddings;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.layer.CheckpointPlacement;
import dev.vramcast.core.job.option.layer.TrainedLayers;
import dev.vramcast.core.module.head.HeadAndLoss;
import dev.vramcast.core.module.head.HeadLayers;
import dev.vramcast.core.module.part.FinalStage;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.module.stream.HyperStreams;
import dev.vramcast.core.module.vision.IdleTower;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model's modules, after their parameters were put onto the trace.
 *
 * @param embedding null in a part of a model that begins behind it
 * @param finalNorm null when the model has none
 * @param head null in a part of a model that ends before it
 * @param encoders what runs before the layers
 * @param distances null where attention reads none
 */
public record LoadedModel(
    @Nullable EmbeddingModule embedding,
    List<RepeatedLayers> layers,
    @Nullable FinalStage finalNorm,
    @Nullable HeadAndLoss head,
    Encoders encoders,
    @Nullable DistanceRows distances,
    List<Trainable> trainables,
    Units units) {

  /**
   * Encoders that run.
   *
   * @param vision null where no images are given
   * @param sound null where no sound is given
   */
  public record Encoders(@Nullable VisionModule vision, @Nullable VisionModule sound) {}

  /** What runs on images; null where none are given. */
  public @Nullable VisionModule vision() {
    return encoders.vision();
  }

  /** What runs on sound among texts; null where none is given. */
  public @Nullable VisionModule sound() {
    return encoders.sound();
  }

  /** What the last norm and the head are gathered with. */
  public record Units(ShardUnit norm, ShardUnit head) {}

  private static final Operation DECOMPOSITION =
      Operation.of("aten::linalg_svd", "peft/tuners/lora/layer.py pissa_init");

  /**
   * Which ends of a model are in a part of it.
   *
   * @param first the embedding, and what stands beside the layers
   * @param last the final norm and the head
   */
  public record Ends(boolean first, boolean last) {

    /** All of the model. */
    public static final Ends BOTH = new Ends(true, true);
  }

  @Override
  public EmbeddingModule embedding() {
    return Objects.requireNonNull(embedding);
  }

  @Override
  public HeadAndLoss head() {
    return Objects.requireNonNull(head);
  }

  /** Whether it begins with token ids. */
  public boolean embeds() {
    return embedding != null;
  }

  /** Whether it ends with a loss. */
  public boolean ends() {
    return head != null;
  }

  /** Puts a model's parameters onto the trace. */
  public static LoadedModel load(
      Graph graph, Architecture architecture, StepSettings settings, Sharding sharding) {
    return load(graph, architecture, settings, sharding, Ends.BOTH);
  }

  /** As {@link #load(Graph, Architecture, StepSettings, Sharding)}, of a part of a model. */
  public static LoadedModel load(
      Graph graph, Architecture architecture, StepSettings settings, Sharding sharding, Ends ends) {
    ModelingFile code = architecture.modelingFile();
    ModuleScope scope = ModuleScope.model(code.path(), code.prefix());
    try (Scope frame = Scope.of(graph, scope)) {
      return frame.result(loaded(graph, architecture, settings, sharding, ends));
    }
  }

  private static LoadedModel loaded(
      Graph graph, Architecture architecture, StepSettings settings, Sharding sharding, Ends ends) {
    ModuleFactory modules = new ModuleFactory(graph, settings, sharding);
    Optional<EmbeddingModule> embedding =
        ends.first()
            ? Optional.of(EmbeddingModule.load(modules, architecture, settings))
            : Optional.empty();
    DistanceRows distances =
        architecture
            .extras()
            .distances()
            .map(table -> DistanceRows.load(modules, table))
            .orElse(null);
    List<RepeatedLayers> layers = layers(modules, architecture, settings);
    Sharding.InUnit<Optional<Norms>> norm =
        modules.unit(
            Sharding.Place.FINAL_NORM,
            () ->
                ends.last() ? architecture.finalNorm().map(modules::finalNorm) : Optional.empty());
    Optional<FinalStage> finalStage =
        ends.last()
            ? finalStage(modules, architecture, settings, norm.part().orElse(null))
            : Optional.empty();
    if (ends.last()) {
      unread(modules, architecture, sharding);
    }
    Encoders encoders = encoders(graph, modules, architecture, settings, sharding, embedding);
    Optional<Sharding.InUnit<HeadLayers>> head =
        ends.last()
            ? Optional.of(head(modules, architecture, settings, embedding))
            : Optional.empty();
    modules.sharedMatrices();
    sharding.loaded();
    if (settings.job().method() == Method.PISSA) {
      decompose(graph, modules.largestTarget());
    }
    return new LoadedModel(
        embedding.orElse(null),
        RepeatedLayers.passes(layers, architecture.extras().passes()),
        finalStage.orElse(null),
        head.map(each -> new HeadAndLoss(architecture, settings, each.part())).orElse(null),
        encoders,
        distances,
        trainables(modules, encoders.vision(), encoders.sound()),
        new Units(norm.unit(), head.map(Sharding.InUnit::unit).orElse(ShardUnit.NONE)));
  }

  private static Optional<FinalStage> finalStage(
      ModuleFactory modules,
      Architecture architecture,
      StepSettings settings,
      @Nullable Norms norm) {
    return modules
        .unit(Sharding.Place.OTHER, () -> last(modules, architecture, settings, norm))
        .part();
  }

  private static Sharding.InUnit<HeadLayers> head(
      ModuleFactory modules,
      Architecture architecture,
      StepSettings settings,
      Optional<EmbeddingModule> embedding) {
    Parameter tied = architecture.head().tied() ? embedding.orElseThrow().tied() : null;
    return HeadLayers.load(modules, architecture, settings, tied);
  }

  private static List<RepeatedLayers> layers(
      ModuleFactory modules, Architecture architecture, StepSettings settings) {
    List<RepeatedLayers> layers = new ArrayList<>();
    LayerFactory factory =
        new LayerFactory(
            modules, settings, architecture.maxPositions(), architecture.modelingFile());
    LayerPaths paths = new LayerPaths(architecture.layerPath(), architecture.layerCount());
    CheckpointPlacement checkpointed = settings.job().checkpointPlacement();
    List<LayerRun> runs = LayerRun.inMultiples(architecture.layers(), checkpointed.every());
    for (LayerRun run : trainedApart(runs, settings)) {
      int before = layers.stream().mapToInt(RepeatedLayers::count).sum();
      boolean trained = isTrainedRun(architecture, settings, layers);
      layers.add(factory.repeated(run, paths.next(run), trained).from(before, checkpointed));
    }
    return layers;
  }

  /** What no pass runs. */
  private static void unread(ModuleFactory modules, Architecture architecture, Sharding sharding) {
    architecture
        .extras()
        .unread()
        .forEach(linear -> sharding.unread(() -> modules.projection(linear)));
    architecture
        .extras()
        .unreadNorms()
        .forEach(each -> sharding.unread(() -> modules.finalNorm(each)));
  }

  /** All towers; those that run are returned. */
  private static Encoders encoders(
      Graph graph,
      ModuleFactory modules,
      Architecture architecture,
      StepSettings settings,
      Sharding sharding,
      Optional<EmbeddingModule> embedding) {
    VisionModule vision = null;
    VisionModule sound = null;
    for (Tower tower : architecture.towers()) {
      if (runs(tower, settings)) {
        Encoder encoder = tower.encoder().orElseThrow();
        IdleTower.tables(graph, tower);
        VisionModule made =
            VisionLoader.load(graph, encoder, settings, sharding, embedding.orElseThrow());
        vision = encoder.listens() ? vision : made;
        sound = encoder.listens() ? made : sound;
      } else if (settings.job().batch().hasOthers()) {
        IdleTower.loadUnreached(graph, tower, settings, sharding);
      } else {
        IdleTower.load(graph, modules, tower, settings, sharding);
      }
    }
    return new Encoders(vision, sound);
  }

  private static Optional<FinalStage> last(
      ModuleFactory modules,
      Architecture architecture,
      StepSettings settings,
      @Nullable Norms norm) {
    FinalStage last = end(modules, architecture, norm);
    double rate = architecture.embeddings().dropout().orElse(0);
    return settings.code().end().drops()
        ? Optional.of(new EndStage(settings, last, rate))
        : Optional.ofNullable(last);
  }

  private static @Nullable FinalStage end(
      ModuleFactory modules, Architecture architecture, @Nullable Norms norm) {
    FinalStage last =
        architecture
            .extras()
            .hyper()
            .map(connection -> HyperStreams.after(modules, connection, norm))
            .orElseGet(() -> AltUpStreams.after(modules, architecture, norm));
    return architecture
        .extras()
        .narrow()
        .flatMap(NarrowEmbeddings::out)
        .<FinalStage>map(out -> new NarrowEnd(last, modules.projection(out.linear())))
        .orElse(last);
  }

  /**
   * peft/tuners/lora/layer.py pissa_init, on the GPU: the weight in fp32, its singular vectors, and
   * what is left of it without the adapter, by way of the adapter's product.
   */
  private static void decompose(Graph graph, @Nullable Linear target) {
    if (target == null) {
      return;
    }
    long weight = target.weightCount();
    long vectors = Math.min(target.in(), target.out()) * (target.in() + target.out());
    List<Tensor> alive = new ArrayList<>();
    for (long elements : new long[] {weight, vectors, weight, weight}) {
      alive.add(
          graph.allocate(
              DECOMPOSITION,
              "singular value decomposition",
              Category.TEMPORARIES,
              elements,
              DataType.FP32));
    }
    alive.forEach(graph::release);
  }

  /** Partial freezing trains some layers: runs are cut where those begin and end. */
  private static List<LayerRun> trainedApart(List<LayerRun> runs, StepSettings settings) {
    int count = runs.stream().mapToInt(LayerRun::layerCount).sum();
    List<LayerRun> result = runs;
    for (int cut : trained(settings).borders(count).toArray()) {
      result = cut(result, cut);
    }
    return result;
  }

  /** Runs of which none has layers on both sides of the first so many. */
  private static List<LayerRun> cut(List<LayerRun> runs, int first) {
    List<LayerRun> result = new ArrayList<>();
    int before = first;
    for (LayerRun run : runs) {
      int period = run.period().size();
      int whole = Math.max(0, Math.min(run.times(), before / period));
      if (before > 0 && whole < run.times()) {
        if (whole > 0) {
          result.add(new LayerRun(run.period(), whole));
        }
        int rest = Math.max(0, before - whole * period);
        for (int i = 0; rest > 0 && i < period; i++) {
          result.add(new LayerRun(List.of(run.period().get(i)), 1));
        }
        int remaining = run.times() - whole - (rest > 0 ? 1 : 0);
        if (remaining > 0) {
          result.add(new LayerRun(run.period(), remaining));
        }
      } else {
        result.add(run);
      }
      before -= run.layerCount();
    }
    return result;
  }

  private static boolean isTrainedRun(
      Architecture architecture, StepSettings settings, List<RepeatedLayers> before) {
    int position = before.stream().mapToInt(s -> s.layers().size() * s.times()).sum();
    return trained(settings).covers(position, architecture.layerCount());
  }

  /** Of layers that take turns the first is trained, whose backward pass is the longest. */
  private static TrainedLayers trained(StepSettings settings) {
    if (settings.job().optimizer().name().isBlockwise() && settings.job().method() == Method.FULL) {
      return new TrainedLayers(1, TrainedLayers.Place.FIRST);
    }
    return settings.job().trainableLayers();
  }

  private static boolean runs(Tower tower, StepSettings settings) {
    Batch batch = settings.job().batch();
    return tower.encoder().filter(each -> batch.given(each.listens()).count() > 0).isPresent();
  }

  private static List<Trainable> trainables(
      ModuleFactory modules, @Nullable VisionModule... encoders) {
    List<Trainable> all = new ArrayList<>(modules.trainables());
    for (VisionModule encoder : encoders) {
      if (encoder != null) {
        all.addAll(encoder.trainables());
      }
    }
    return all;
  }
}
