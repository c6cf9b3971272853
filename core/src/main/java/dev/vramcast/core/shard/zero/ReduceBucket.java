package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * DeepSpeed's {@code ipg_buckets} with {@code contiguous_gradients}: gradients are copied into a
 * buffer of fixed size as they come, and reduced when it is full. One that is larger than the
 * buffer stays where it is until the next comes.
 */
final class ReduceBucket {

  private static final Operation REDUCE =
      Operation.of(
          "reduce_scatter_coalesced",
          "deepspeed/runtime/comm/coalesced_collectives.py reduce_scatter_coalesced");

  private final Graph graph;
  private final long size;
  private final int buffers;
  private final DataType dtype;
  private final ParameterOrder order;
  private final List<Tensor> open = new ArrayList<>();

  /** A gradient that is larger than a buffer; null while there is none. */
  private @Nullable Tensor oversized;

  /**
   * A bucket that is not there yet.
   *
   * @param size elements of a buffer
   * @param order of the trained parameters
   */
  ReduceBucket(Graph graph, long size, int buffers, DataType dtype, ParameterOrder order) {
    this.graph = graph;
    this.size = size;
    this.buffers = buffers;
    this.dtype = dtype;
    this.order = order;
  }

  /** Makes the buffers where they are not there. */
  void open() {
    while (open.size() < buffers) {
      open.add(graph.allocate(REDUCE, "reduce bucket", Category.COMMUNICATION, size, dtype));
    }
  }

  void close() {
    open.forEach(graph::release);
    open.clear();
  }

  /** Whether it is full before the last gradient has come. */
  boolean fills() {
    return order.total() > size;
  }

  /** Takes a gradient that has come. */
  void add(Parameter parameter) {
    Tensor gradient = Objects.requireNonNull(parameter.takeGradient(graph));
    flush();
    if (gradient.elements() > size) {
      oversized = gradient;
    } else {
      graph.release(gradient);
    }
  }

  /** What was too large for the buffers is reduced. */
  void flush() {
    if (oversized != null) {
      graph.release(oversized);
      oversized = null;
    }
  }

  /** Several gradients are put together to be reduced at once, in a copy of the bucket. */
  void reduce() {
    long together = order.atMost(size);
    graph.release(
        graph.allocate(REDUCE, "reduced gradients", Category.COMMUNICATION, together, dtype));
  }
}
