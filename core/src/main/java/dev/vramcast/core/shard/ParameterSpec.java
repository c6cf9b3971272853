package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A parameter as the model defines it.
 *
 * @param category of what is kept of it
 * @param rows size of its first dimension, 1 for vectors
 * @param routed it belongs to routed experts, which expert parallelism has divided already
 * @param uses uses in the forward pass whose gradients have to come together first (tied weights)
 */
public record ParameterSpec(
    String name,
    Category category,
    long elements,
    long rows,
    DataType dtype,
    boolean trainable,
    boolean routed,
    int uses) {

  /** Name of the parameters that an adapter adds to a module. */
  public static final String FACTOR = "adapters";

  /** Ranks among which it is divided. */
  public int ranks(Parallelism degrees) {
    return routed ? Math.max(1, degrees.shards() / degrees.expert()) : degrees.shards();
  }

  /** Elements of a shard: the first dimension is divided, and padded to divide evenly. */
  public long shardElements(int ranks) {
    long first = rows == 1 ? elements : rows;
    return (first + ranks - 1) / ranks * (elements / first);
  }

  /** Its dtype while it is gathered: mixed precision casts floating-point parameters. */
  DataType gatheredDtype(@Nullable DataType mixed) {
    return switch (dtype) {
      case FP32, BF16, FP16 -> mixed == null ? dtype : mixed;
      case FP8, INT64, INT32, INT16, INT8, UINT8, BOOL -> dtype;
    };
  }

  /** The parameter as a whole on the trace. */
  public Parameter whole(Graph graph) {
    return Parameter.whole(graph, name, category, elements, dtype, trainable, uses).ofRows(rows);
  }

  /**
   * The parameter where this rank keeps a shard of so many elements.
   *
   * @param mixed dtype of gathered parameters, null for their own
   */
  public Parameter gathered(Graph graph, long shard, @Nullable DataType mixed) {
    return Parameter.gathered(
            graph,
            name,
            elements,
            gatheredDtype(mixed),
            trainable,
            uses,
            new Parameter.Kept(shard, dtype, true))
        .ofRows(rows);
  }
}
