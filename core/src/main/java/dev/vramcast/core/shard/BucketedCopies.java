package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.EnumMap;
import java.util.Map;
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

  /** {@code bucket_cap_mb}: a bucket is closed when it holds as much. */
  private static final long BUCKET_BYTES = 25L << 20;

  private final Graph graph;
  private final TrainedParameters trained;
  private final Map<DataType, Long> elements = new EnumMap<>(DataType.class);

  public BucketedCopies(Graph graph) {
    this.graph = graph;
    this.trained = new TrainedParameters(graph);
  }

  @Override
  public Parameter parameter(ParameterSpec spec) {
    if (spec.trainable()) {
      elements.merge(spec.dtype(), spec.elements() * graph.iterations(), Long::sum);
    }
    return trained.add(spec.whole(graph));
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    return new InUnit<>(body.get(), ShardUnit.NONE);
  }

  @Override
  public void loaded() {
    elements.forEach(this::buckets);
  }

  private void buckets(DataType dtype, long count) {
    long inBucket = BUCKET_BYTES / dtype.bytes();
    graph.repeat(Math.toIntExact(count / inBucket), () -> bucket(dtype, inBucket));
    if (count % inBucket > 0) {
      bucket(dtype, count % inBucket);
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
