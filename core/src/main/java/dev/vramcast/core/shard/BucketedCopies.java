package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.function.Supplier;

/**
 * DistributedDataParallel: every rank keeps all parameters, and all gradients a second time in the
 * buckets that are reduced, because {@code gradient_as_bucket_view} is off unless asked for
 * (torch/nn/parallel/distributed.py, accelerate/utils/dataclasses.py). From the second step on the
 * buckets are there all the time.
 */
public final class BucketedCopies implements Sharding {

  private static final Operation BUCKETS =
      Operation.of("Reducer", "torch/csrc/distributed/c10d/reducer.cpp initialize_buckets");

  private final Graph graph;
  private final boolean rebuilds;
  private final TrainedParameters trained;
  private final GradientBuckets buckets = new GradientBuckets();

  /**
   * No parameters yet.
   *
   * @param rebuilds there is one bucket until the order is known in which gradients come; not where
   *     parameters may be unused ({@code find_unused_parameters})
   */
  public BucketedCopies(Graph graph, boolean rebuilds) {
    this.graph = graph;
    this.rebuilds = rebuilds;
    this.trained = new TrainedParameters(graph);
  }

  @Override
  public Parameter parameter(ParameterSpec spec) {
    if (spec.trainable()) {
      buckets.add(spec.dtype(), spec.elements(), graph.iterations());
    }
    return trained.add(spec.whole(graph));
  }

  /** What no rank used keeps the gradient that it has, which is none (copy_bucket_to_grad). */
  @Override
  public <T> T unread(Supplier<T> body) {
    return trained.unread(body);
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    return new InUnit<>(body.get(), ShardUnit.NONE);
  }

  @Override
  public void loaded() {
    if (rebuilds) {
      graph.renewed(() -> buckets.whole().forEach(this::bucket), this::divide);
    } else {
      divide();
    }
  }

  private void divide() {
    for (GradientBuckets.Bucket each : buckets.divide()) {
      graph.repeat(each.times(), () -> bucket(each.dtype(), each.elements()));
    }
  }

  private void bucket(DataType dtype, long count) {
    graph.allocate(BUCKETS, "gradient buckets", Category.COMMUNICATION, count, dtype);
  }

  @Override
  public void createGradients() {
    trained.createGradients();
  }
}
