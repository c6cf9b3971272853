package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * ColossalAI's stages 1 and 2: every rank has all parameters where they were, and fp32 masters of a
 * slice of each. Gradients are cut into the slices of all ranks when a bucket of them is full;
 * stage 2 keeps the rank's own slices, stage 1 all. The step makes them fp32 beside themselves.
 * From colossalai/zero/low_level/low_level_optim.py and bookkeeping/bucket_store.py, 0.4.
 */
public final class SlicedOptimizer implements Sharding {

  private static final Operation STAGE =
      Operation.of(
          "LowLevelZeroOptimizer",
          "colossalai/zero/low_level/low_level_optim.py LowLevelZeroOptimizer");
  private static final Operation CUT =
      Operation.of(
          "build_grad_in_bucket",
          "colossalai/zero/low_level/bookkeeping/bucket_store.py build_grad_in_bucket");

  private final Graph graph;
  private final ResolvedJob job;
  private final long bucketSize;
  private final boolean keepsOwn;
  private final boolean onHost;
  private final ParameterOrder order = new ParameterOrder();
  private final OutsideParameters outside = new OutsideParameters();
  private final List<Tensor> bucket = new ArrayList<>();
  private final List<Slices> slices = new ArrayList<>();
  private List<FlatPartition> partitions = List.of();
  private boolean inLayer;
  private long share;
  private int ranks = 1;

  /** What is kept of a gradient, by so many equal layers. */
  private record Slices(Tensor gradient, int iterations) {}

  public SlicedOptimizer(Graph graph, ResolvedJob job, ZeroSettings settings) {
    this.graph = graph;
    this.job = job;
    this.bucketSize = settings.reduceBucket();
    this.keepsOwn = job.parallelism().strategy() == Strategy.ZERO2;
    this.onHost = ZeroSettings.offloads(job, OffloadTarget.OPTIMIZER);
  }

  private DataType masterDtype() {
    return job.optimizer().masterWeights() ? DataType.FP32 : job.computeDtype();
  }

  private long slice(long elements) {
    return (elements + ranks - 1) / ranks;
  }

  @Override
  public Parameter parameter(ParameterSpec spec) {
    Parameter parameter = spec.whole(graph);
    if (!spec.trainable()) {
      return parameter;
    }
    ranks = spec.ranks(job.parallelism());
    order.add(spec.elements(), graph.iterations());
    share += slice(spec.elements()) * graph.iterations();
    if (inLayer) {
      parameter.onGradient(this::arrived);
    } else {
      outside.add(parameter, spec.uses());
    }
    return parameter;
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    inLayer = place == Place.LAYER;
    T part = body.get();
    inLayer = false;
    return new InUnit<>(
        part, BackwardUnit.of(place, graph, () -> outside.takeSingle(this::arrived), this::reduce));
  }

  @Override
  public void loaded() {
    partitions = share == 0 ? List.of() : List.of(FlatPartition.of(graph, share, masterDtype(), 1));
    if (onHost) {
      graph.site().operation(STAGE);
      graph.allocateOnHost(Block.MASTER_WEIGHTS, Category.OPTIMIZER, share, masterDtype());
      graph.allocateOnHost("master gradients", Category.GRADIENTS, share, masterDtype());
    } else if (masterDtype() != job.computeDtype()) {
      graph.allocate(STAGE, Block.MASTER_WEIGHTS, Category.OPTIMIZER, share, masterDtype());
    }
  }

  private boolean accumulates() {
    return job.batch().gradAccum() > 1;
  }

  /** Slices of earlier micro-batches, to which those that come are added. */
  @Override
  public void createGradients() {
    if (accumulates()) {
      long kept = keepsOwn ? share : share * ranks;
      slices.add(
          new Slices(
              graph.allocate(
                  STAGE, "gradient slices", Category.GRADIENTS, kept, job.computeDtype()),
              1));
    }
  }

  private void arrived(Parameter parameter) {
    Tensor gradient = Objects.requireNonNull(parameter.takeGradient(graph));
    if (together() + gradient.elements() > bucketSize) {
      reduce();
    }
    bucket.add(gradient);
    parameter.renewGradient(graph);
  }

  private long together() {
    return bucket.stream().mapToLong(Tensor::elements).sum();
  }

  private void reduce() {
    if (bucket.isEmpty()) {
      return;
    }
    long together = together();
    List<Tensor> others = new ArrayList<>();
    bucket.forEach(gradient -> cut(gradient, others));
    bucket.clear();
    // _flatten_dense_tensors of each rank's slices, then of these.
    Tensor byRank = scratch(CUT, "gradients by rank", together, job.computeDtype());
    Tensor flat = scratch(CUT, "flat gradients", together, job.computeDtype());
    graph.release(byRank);
    if (keepsOwn) {
      graph.release(scratch(STAGE, "received slices", slice(together), job.computeDtype()));
    }
    graph.release(flat);
    others.forEach(graph::release);
  }

  /** A copy of the gradient, the slices of it, and it goes. */
  private void cut(Tensor gradient, List<Tensor> others) {
    DataType dtype = job.computeDtype();
    long whole = gradient.elements();
    long kept = keepsOwn ? slice(whole) : whole;
    Tensor copy = scratch(CUT, "copied gradient", whole, dtype);
    Tensor own = graph.allocate(CUT, "gradient slice", Category.GRADIENTS, kept, dtype);
    if (accumulates()) {
      others.add(own);
    } else {
      slices.add(new Slices(own, graph.iterations()));
    }
    if (whole > kept) {
      others.add(scratch(CUT, "slices of other ranks", whole - kept, dtype));
    }
    graph.release(gradient);
    graph.release(copy);
  }

  private Tensor scratch(Operation operation, String name, long elements, DataType of) {
    return graph.allocate(operation, name, Category.TEMPORARIES, elements, of);
  }

  @Override
  public boolean overlapsUnits() {
    return true;
  }

  @Override
  public void afterBackward() {
    outside.takeAll(this::arrived);
    reduce();
  }

  @Override
  public boolean keepsOnHost() {
    return onHost;
  }

  @Override
  public List<FlatPartition> partitions() {
    return partitions;
  }

  @Override
  public void step(Consumer<FlatPartition> update) {
    boolean widens = masterDtype() != job.computeDtype();
    long largest = slice(order.largest());
    Tensor wide = widens && !onHost ? inFp32(share) : null;
    if (widens && onHost) {
      graph.release(inFp32(largest));
    }
    // _compute_grad_norm: grad.data.double(), which is two fp32 numbers wide.
    graph.release(scratch(STAGE, "gradient in fp64", 2 * largest, DataType.FP32));
    if (!onHost) {
      partitions.forEach(update);
    }
    if (wide != null) {
      graph.release(wide);
    }
    gather(largest);
    slices.forEach(s -> graph.repeat(s.iterations(), () -> graph.release(s.gradient())));
    slices.clear();
  }

  private Tensor inFp32(long elements) {
    return scratch(STAGE, "gradients in fp32", elements, masterDtype());
  }

  /** The updated slices of the largest parameter, put together as often as there are ranks. */
  private void gather(long largest) {
    DataType dtype = job.computeDtype();
    long whole = largest * ranks;
    Tensor updated = scratch(STAGE, "updated slice", largest, dtype);
    Tensor repeated = scratch(STAGE, "gathered slices", whole, dtype);
    graph.release(scratch(STAGE, "gathered slices", whole, dtype));
    graph.release(repeated);
    graph.release(updated);
  }
}
