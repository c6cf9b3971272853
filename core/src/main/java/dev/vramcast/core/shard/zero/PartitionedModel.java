package dev.vramcast.core.shard.zero;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.zero.gather.GatherSizes;
import dev.vramcast.core.shard.zero.gather.GatherSizes.Front;
import dev.vramcast.core.shard.zero.gather.GatheredModel;
import dev.vramcast.core.shard.zero.gather.GatheredModel.Reader;
import dev.vramcast.core.shard.zero.gather.ModuleTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * ZeRO's stage 3: each parameter is divided among the ranks, and gathered for the modules that use
 * it. From deepspeed/runtime/zero/stage3.py and partition_parameters.py, 0.19.
 */
public final class PartitionedModel implements Sharding, ReduceBucket.Reduction {

  private static final Operation STAGE =
      Operation.of(
          "DeepSpeedZeroOptimizer_Stage3",
          "deepspeed/runtime/zero/stage3.py DeepSpeedZeroOptimizer_Stage3");

  private final Graph graph;
  private final ResolvedJob job;
  private final MasterWeights masters;
  private final ReduceBucket bucket;
  private final GatheredModel gathered;
  private final boolean parametersOnHost;
  private final ParameterOrder order = new ParameterOrder();
  private final ParameterGroups groups = new ParameterGroups();
  private final OutsideParameters outside = new OutsideParameters();
  private final LeafGradients leaves = new LeafGradients();
  private final ZeroSettings settings;
  private final ApartLayers layers = new ApartLayers();
  private final UndividedModel undivided;
  private boolean replaced;
  private boolean inLayer;
  private boolean inUnit;
  private boolean unread;

  public PartitionedModel(
      Graph graph, ResolvedJob job, ZeroSettings settings, Front front, ModuleTrace trace) {
    this.graph = graph;
    this.job = job;
    this.settings = settings;
    this.parametersOnHost = ZeroSettings.offloads(job, OffloadTarget.PARAMETERS);
    this.masters = new MasterWeights(graph, job);
    this.undivided = new UndividedModel(graph, job);
    this.gathered = new GatheredModel(graph, settings.gathering(job, front), trace);
    gathered.afterLeaf(leaf -> leaves.take(leaf, this::arrived));
    this.bucket =
        new ReduceBucket(
            graph,
            settings.reduceBucket(),
            1,
            dtype(),
            settings.overlaps() ? Stream.REDUCTION : Stream.COMPUTE,
            order,
            this);
  }

  private DataType dtype() {
    return job.computeDtype();
  }

  /** Whether a job gathers parameters, which else are views: a step depends on the one before. */
  public static boolean gathers(ResolvedJob job) {
    return job.parallelism().strategy() == Strategy.ZERO3
        && (job.parallelism().shards() > 1 || ZeroSettings.offloads(job, OffloadTarget.PARAMETERS));
  }

  @Override
  public Parameter parameter(ParameterSpec spec) {
    int ranks = spec.ranks(job.parallelism());
    long shard = (spec.elements() + ranks - 1) / ranks;
    Parameter parameter = spec.gathered(graph, shard, null);
    undivided.add(spec, shard);
    if (gathers(job) && !replaced) {
      QuantStorage storage = new QuantStorage(spec, dtype());
      gathered.add(parameter, storage.elements(), storage.stored(), reader());
    }
    if (inLayer) {
      layers.add(spec.elements(), graph.iterations());
    }
    if (spec.trainable()) {
      order.add(spec.elements(), graph.iterations());
      groups.add(spec, parameter, shard, shard, graph.iterations());
      if (settings.overlaps()) {
        // __add_grad_to_ipg_bucket: param.grad.record_stream
        parameter.readGradientAside();
      }
      reduceWhenThere(parameter, spec.uses());
    } else {
      keep(spec.name(), spec.category(), shard, spec.dtype());
    }
    return parameter;
  }

  private Reader reader() {
    Reader running = inUnit ? Reader.MODEL : Reader.CALLER;
    return unread ? Reader.NOBODY : running;
  }

  @Override
  public <T> T unread(Supplier<T> body) {
    unread = true;
    T made = body.get();
    unread = false;
    return made;
  }

  private void reduceWhenThere(Parameter parameter, int uses) {
    ModuleScope leaf = gathers(job) ? gathered.leaf() : null;
    if (leaf != null) {
      leaves.add(leaf, parameter);
    } else if (inLayer) {
      parameter.onGradient(this::arrived);
    } else {
      outside.add(parameter, uses);
    }
  }

  private void keep(String name, Category category, long elements, DataType dtype) {
    if (parametersOnHost) {
      graph.site().operation(STAGE);
      graph.allocateOnHost(name, category, elements, dtype);
    } else {
      graph.allocate(STAGE, name, category, elements, dtype);
    }
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    inLayer = place == Place.LAYER;
    inUnit = true;
    if (inLayer) {
      layers.layer(graph.iterations());
    }
    T part = body.get();
    inLayer = false;
    inUnit = false;
    return new InUnit<>(
        part,
        BackwardUnit.of(place, graph, () -> outside.takeSingle(this::arrived), bucket::endLayer));
  }

  /** Partitions of what is trained, if anything is, are a buffer, those of gradients another. */
  @Override
  public void loaded() {
    undivided.divide();
    if (gathers(job)) {
      gathered.loaded();
    }
    long share = groups.share();
    if (share == 0) {
      return;
    }
    boolean adapters = job.adapter().isPresent();
    keep(
        adapters ? "adapters" : "flat parameters",
        adapters ? Category.ADAPTERS : Category.WEIGHTS,
        share,
        dtype());
    int second = ZeroSettings.secondGroup(job);
    if (second > 0 && gathers(job)) {
      long all = Math.multiplyExact(share, job.parallelism().shards());
      keep("second shards", Category.WEIGHTS, (all + second - 1) / second, dtype());
    }
    masters.load(
        groups.all().stream()
            .map(
                group ->
                    new MasterWeights.Part(
                        group.share(), group.order().atLeast(ZeroSettings.SUB_GROUP)))
            .toList());
    bucket.open();
    DataType sums = ZeroSettings.sums(job);
    if (masters.onHost()) {
      graph.site().operation(STAGE);
      graph.allocateOnHost(Block.GRADIENT_BUFFER, Category.GRADIENTS, share, sums);
    } else {
      graph.allocate(STAGE, Block.GRADIENT_BUFFER, Category.GRADIENTS, share, sums);
    }
  }

  /** The partitions that gradients are added to are there all the time. */
  @Override
  public void createGradients() {}

  @Override
  public boolean overlapsUnits() {
    return true;
  }

  @Override
  public int apart() {
    long live = gathers(job) ? reach() : 0;
    long reduced = bucket.fills() ? 2 * settings.reduceBucket() : 0;
    return layers.holding(Math.max(live, reduced));
  }

  /**
   * What each layer leaves whole until its backward pass or the end of all, or waiting for the
   * stream that computes where that is asked for, each has to be seen for.
   */
  private long reach() {
    boolean waiting = settings.overlaps() && graph.waits();
    boolean viewed = gathered.isViewed() && job.checkpointing() == Checkpointing.NONE;
    boolean all = waiting || viewed || ZeroSettings.keepsFrozenOfAll(job);
    return all ? Long.MAX_VALUE : settings.reach();
  }

  @Override
  public void share(Parameter parameter) {
    if (!replaced && !unread) {
      gathered.share(parameter);
    }
  }

  @Override
  public <T> T replaced(Supplier<T> body) {
    replaced = true;
    T made = body.get();
    replaced = false;
    return made;
  }

  @Override
  public void runsAdapters(boolean value) {
    if (gathers(job)) {
      gathered.listen();
    }
  }

  @Override
  public void beforePass(boolean generates) {
    if (!generates) {
      beforeForward();
    }
  }

  @Override
  public void restoreHooks() {
    gathered.invalidate();
  }

  @Override
  public void repeatsStep() {
    gathered.repeatsStep(job.batch().gradAccum());
  }

  @Override
  public void repeatsPass(int times) {
    gathered.repeatsPass(times);
  }

  @Override
  public <T> T block(ModuleScope scope, Supplier<T> body) {
    gathered.block(scope);
    T part = body.get();
    gathered.block(null);
    return part;
  }

  @Override
  public void evaluates(boolean value) {
    gathered.evaluates(value);
  }

  @Override
  public void beforeForward() {
    if (gathers(job)) {
      gathered.beginForward();
    }
  }

  @Override
  public void afterForward() {
    gathered.endForward();
  }

  @Override
  public void beforeBackward() {
    if (gathers(job)) {
      gathered.beginBackward();
    }
  }

  @Override
  public void beforeLayers(int number, int times) {
    bucket.beforeLayers(times);
    gathered.beginLayers(number, times);
  }

  @Override
  public void afterLayers() {
    gathered.endLayers();
  }

  private void arrived(Parameter parameter) {
    bucket.add(parameter);
    if (masters.onHost()) {
      toHost(parameter.kept().elements());
    }
  }

  /** Several are put together, and one that does not divide evenly is padded. */
  @Override
  public long copied(List<ReduceBucket.Member> gradients) {
    long padded = gradients.stream().mapToLong(this::padded).sum();
    ReduceBucket.Member first = gradients.get(0);
    boolean alone = gradients.size() == 1 && first.times() == 1;
    return alone && padded == first.elements() ? 0 : padded;
  }

  private long padded(ReduceBucket.Member gradient) {
    long elements = gradient.parameter().elements();
    return GatherSizes.padded(elements, job.parallelism().shards()) * gradient.times();
  }

  /** Up to three reductions run behind the process ({@code max_param_reduce_events}). */
  @Override
  public void reduced() {
    mark(Stream.REDUCED);
  }

  private void mark(Stream kind) {
    if (settings.overlaps()) {
      graph.release(graph.allocateOn(kind, "mark", Category.COMMUNICATION, 0, dtype()));
    }
  }

  /** partition_grads: a copy on the GPU, and that in fp32, on the way to the host. */
  private void toHost(long elements) {
    try (Scope scope = Scope.of(graph)) {
      scope.own(graph.allocate(STAGE, "gradient", Category.GRADIENTS, elements, dtype()));
      scope.own(
          graph.allocate(
              STAGE, "gradients in fp32", Category.TEMPORARIES, elements, masters.dtype()));
    }
  }

  @Override
  public void afterBackward() {
    leaves.takeAll(this::arrived);
    outside.takeAll(this::arrived);
    bucket.reduce();
    gathered.endBackward();
  }

  @Override
  public boolean keepsOnHost() {
    return masters.onHost();
  }

  @Override
  public List<FlatPartition> partitions() {
    return masters.partitions();
  }

  @Override
  public void step(Consumer<FlatPartition> update) {
    gathered.endStep();
    // The norm of all gradients is a number that the process waits for.
    mark(Stream.WAITED);
    if (dtype() == DataType.FP16 && !masters.onHost()) {
      checkOverflow();
    }
    long largest = groups.all().stream().mapToLong(g -> g.order().largest()).max().orElse(0);
    masters.step(largest, () -> {}, update);
  }

  /** {@code torch.isinf(grad_partitions_flat_buffer)}: absolute values, compared with infinity. */
  private void checkOverflow() {
    try (Scope scope = Scope.of(graph)) {
      for (DataType of : List.of(dtype(), DataType.BOOL)) {
        scope.own(
            graph.allocate(STAGE, "overflow check", Category.TEMPORARIES, groups.share(), of));
      }
    }
  }
}
