package dev.vramcast.core.shard.zero;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.TrainedParameters;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * ZeRO's stages 1 and 2: every rank has all parameters, the trained ones in one flat buffer, and
 * steps on its part of them. Stage 2 keeps no other gradients than those of that part; stage 1
 * keeps all until the last micro-batch. From deepspeed/runtime/zero/stage_1_and_2.py, 0.19.
 *
 * <p>A rank keeps the gradients of parameters that lie in its part in full, also where only a piece
 * of one does ({@code copy_grads_in_partition}). The last rank is counted, which has a part of the
 * first gradients that are reduced.
 */
public final class PartitionedOptimizer implements Sharding, ReduceBucket.Reduction {

  private static final Operation STAGE =
      Operation.of(
          "DeepSpeedZeroOptimizer",
          "deepspeed/runtime/zero/stage_1_and_2.py DeepSpeedZeroOptimizer");

  private final Graph graph;
  private final ResolvedJob job;
  private final boolean partitionsGradients;
  private final boolean overlaps;
  private final ReduceBucket bucket;
  private final MasterWeights masters;
  private final ParameterOrder order = new ParameterOrder();
  private final ParameterGroups groups = new ParameterGroups();
  private final TrainedParameters trained;
  private final OutsideParameters outside = new OutsideParameters();
  private final List<Whole> whole = new ArrayList<>();
  private final ApartLayers layers = new ApartLayers();
  private boolean inLayer;

  /** Whether the micro-batch that runs is the last of a step. */
  private boolean last = true;

  /** What earlier micro-batches left; null where they left nothing. */
  private @Nullable Tensor accumulated;

  /** Where this rank's gradients go; null before the first comes, and where that is the host. */
  private @Nullable Tensor partition;

  /** A gradient that stage 1 keeps, of so many equal layers. */
  private record Whole(Tensor gradient, int iterations) {}

  public PartitionedOptimizer(Graph graph, ResolvedJob job, ZeroSettings settings) {
    this.graph = graph;
    this.job = job;
    this.partitionsGradients = job.parallelism().strategy() == Strategy.ZERO2;
    this.overlaps = settings.overlaps();
    this.masters = new MasterWeights(graph, job);
    this.trained = new TrainedParameters(graph);
    this.bucket =
        new ReduceBucket(
            graph, settings.reduceBucket(), overlaps ? 2 : 1, dtype(), stream(), order, this);
  }

  /** {@code reduction_stream}, where what is reduced is put together and kept. */
  private Stream stream() {
    return overlaps ? Stream.REDUCTION : Stream.COMPUTE;
  }

  private int ranks() {
    return job.parallelism().shards();
  }

  private DataType dtype() {
    return job.computeDtype();
  }

  @Override
  public Parameter parameter(ParameterSpec spec) {
    if (!spec.trainable()) {
      return spec.whole(graph);
    }
    int ranks = spec.ranks(job.parallelism());
    order.add(spec.elements(), graph.iterations());
    if (inLayer) {
      layers.add(spec.elements(), graph.iterations());
    }
    Parameter parameter = spec.gathered(graph, spec.elements(), null);
    long share = (spec.elements() + ranks - 1) / ranks;
    groups.add(spec, parameter, spec.elements(), share, graph.iterations());
    if (inLayer) {
      parameter.onGradient(this::arrived);
    } else {
      outside.add(parameter, spec.uses());
      parameter.onGradient(each -> arrivedOutside(spec));
    }
    return trained.add(parameter);
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    inLayer = place == Place.LAYER;
    if (inLayer) {
      layers.layer(graph.iterations());
    }
    T part = body.get();
    inLayer = false;
    return new InUnit<>(part, BackwardUnit.of(place, graph, this::beforeLayer, bucket::endLayer));
  }

  /** The flat buffer, of which the parameters are views, and what steps on a part of it. */
  @Override
  public void loaded() {
    boolean adapters = job.adapter().isPresent();
    for (ParameterGroups.Group group : groups.all()) {
      graph.allocate(
          STAGE,
          adapters ? "adapters" : "flat parameters",
          adapters ? Category.ADAPTERS : Category.WEIGHTS,
          group.order().total(),
          dtype());
    }
    masters.load(
        groups.all().stream()
            .map(group -> new MasterWeights.Part(group.share(), group.share()))
            .toList());
    if (masters.onHost()) {
      // param_buffer_of_bit16_for_cpu_offload_groups, temp_grad_buffer_for_cpu_offload and _gpu_.
      graph.site().operation(STAGE);
      graph.allocateOnHost("updated parameters", Category.COMMUNICATION, groups.share(), dtype());
      graph.site().operation(STAGE);
      graph.allocateOnHost(
          "gradient staging buffer", Category.COMMUNICATION, order.largest(), dtype());
      graph.allocate(
          STAGE, "gradient staging buffer", Category.COMMUNICATION, order.largest(), dtype());
    }
  }

  private boolean accumulates() {
    return job.batch().gradAccum() > 1;
  }

  /** Whether gradients are reduced while the backward pass runs, in the last micro-batch. */
  private boolean reducesInBackward() {
    return partitionsGradients || overlaps;
  }

  @Override
  public void createGradients() {
    if (!accumulates()) {
      return;
    }
    if (!partitionsGradients) {
      trained.createGradients();
      // Only the last micro-batch ends with the reduction that drops the buffers.
      bucket.open();
    } else if (masters.onHost()) {
      graph.site().operation(STAGE);
      graph.allocateOnHost("gradient", Category.GRADIENTS, kept(), sums());
    } else {
      accumulated = newPartition(sums());
    }
  }

  /** Elements of gradients of which a part is the last rank's. */
  private long kept() {
    return groups.all().stream()
        .mapToLong(group -> group.order().lastAtLeast(group.last(ranks())))
        .sum();
  }

  private long largestKept() {
    return groups.all().stream()
        .mapToLong(group -> group.order().largestOfLast(group.last(ranks())))
        .max()
        .orElse(0);
  }

  private Tensor newPartition(DataType of) {
    graph.site().operation(STAGE);
    return graph.allocateOn(stream(), "gradient partition", Category.GRADIENTS, kept(), of);
  }

  /** A copy is made of what several ranks have a part of (allreduce_bucket). */
  @Override
  public long copied(List<ReduceBucket.Member> gradients) {
    return groups.copied(gradients, bucket.size(), ranks());
  }

  @Override
  public void reduced() {
    makePartition();
  }

  /** What gradients of several micro-batches are added up in. */
  private DataType sums() {
    return ZeroSettings.sums(job);
  }

  /** get_all_grad_tensors: gradients are made as wide as what they are added to, or become it. */
  private void widen() {
    if (partition != null && sums() != dtype()) {
      Tensor wide = newPartition(sums());
      graph.release(partition);
      partition = wide;
    }
  }

  @Override
  public boolean overlapsUnits() {
    return true;
  }

  /** The buckets may not be there before the last layer's first gradient is. */
  @Override
  public int apart() {
    return reducesInBackward() && bucket.fills() ? layers.holding(2 * bucket.size()) : 1;
  }

  @Override
  public void beforeLayers(int number, int times) {
    bucket.beforeLayers(times);
  }

  @Override
  public void beforeBackward() {
    if (job.frameworkCode().is(SpreadCode.EARLY_BUCKETS)) {
      bucket.open();
    }
  }

  @Override
  public boolean addsUpWhole() {
    return !partitionsGradients;
  }

  @Override
  public void reduces(boolean value) {
    last = value;
  }

  /** A head in chunks has its gradient when those of norms behind the layers come, not before. */
  private void arrivedOutside(ParameterSpec spec) {
    bucket.open();
    if (spec.rows() == 1) {
      beforeLayer();
    }
  }

  private void beforeLayer() {
    if (last) {
      outside.takeSingle(this::arrived);
    }
  }

  private void makePartition() {
    if (partition == null && !masters.onHost()) {
      partition = newPartition(dtype());
    }
  }

  private void arrived(Parameter parameter) {
    bucket.open();
    if (!last) {
      return;
    }
    if (reducesInBackward()) {
      bucket.add(parameter);
      parameter.renewGradient(graph);
      toHost(parameter.elements());
    } else if (!accumulates()) {
      whole.add(
          new Whole(Objects.requireNonNull(parameter.takeGradient(graph)), graph.iterations()));
    }
  }

  /** async_inplace_copy_grad_to_fp32_buffer_from_gpu: made fp32, then copied. */
  private void toHost(long elements) {
    if (masters.onHost() && masters.dtype() != dtype()) {
      graph.release(
          graph.allocate(
              STAGE, "gradients in fp32", Category.TEMPORARIES, elements, masters.dtype()));
    }
  }

  @Override
  public void afterBackward() {
    bucket.open();
    if (!last) {
      return;
    }
    outside.takeAll(this::arrived);
    // Gradients become views of the bucket; what of it is a rank's is copied behind its reduction.
    if (reducesInBackward()) {
      bucket.reduce();
    } else {
      dropWhole();
      bucket.copy(groups.mostCopied(bucket.size(), ranks()));
    }
    makePartition();
    bucket.close();
    widen();
    if (accumulated != null) {
      graph.release(Objects.requireNonNull(partition));
      partition = accumulated;
    }
  }

  private void dropWhole() {
    whole.forEach(w -> graph.repeat(w.iterations(), () -> graph.release(w.gradient())));
    if (accumulates()) {
      trained.dropGradients();
    }
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
    masters.step(largestKept(), this::dropPartition, update);
  }

  private void dropPartition() {
    graph.release(Objects.requireNonNull(partition));
  }
}
