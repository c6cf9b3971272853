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
import java.util.function.LongSupplier;
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

  /** Several gradients are copied to be reduced. */
  private final boolean copies;

  /** So large a gradient at most is reduced where it is. */
  private final LongSupplier alone;

  /** What happens when it has been. */
  private final Runnable reduced;

  private long filled;
  private int members;

  /** A gradient that is larger than a buffer; null while there is none. */
  private @Nullable Tensor oversized;

  /**
   * A bucket that is not there yet.
   *
   * @param size elements of a buffer
   * @param order of the trained parameters
   * @param copies several gradients are copied to be reduced
   * @param alone elements of a gradient that is not copied where it is reduced alone, at most
   * @param reduced what happens when what was in it has been reduced
   */
  ReduceBucket(
      Graph graph,
      long size,
      int buffers,
      DataType dtype,
      ParameterOrder order,
      boolean copies,
      LongSupplier alone,
      Runnable reduced) {
    this.copies = copies;
    this.alone = alone;
    this.reduced = reduced;
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

  /** Takes a gradient that has come; what does not fit beside it is reduced before. */
  void add(Parameter parameter) {
    Tensor gradient = Objects.requireNonNull(parameter.takeGradient(graph));
    if (filled + gradient.elements() > size) {
      reduce();
    }
    filled += gradient.elements();
    members++;
    if (gradient.elements() > size) {
      oversized = gradient;
    } else {
      graph.release(gradient);
    }
  }

  /** Elements of a buffer. */
  long size() {
    return size;
  }

  /** Layers that are written once find nothing of those before. */
  void beforeLayers(int times) {
    if (times > 1 && fills()) {
      reduce();
    }
  }

  /** Layers that are written once leave nothing to those that follow. */
  void endLayer() {
    if (graph.iterations() > 1 && fills()) {
      reduce();
    }
  }

  /** Gradients that have waited until now come and are reduced, the fullest bucket of them too. */
  void reduceWaiting() {
    if (copies) {
      graph.release(
          graph.allocate(
              REDUCE, "reduced gradients", Category.COMMUNICATION, order.atMost(size), dtype));
    }
  }

  /**
   * Reduces what is in it: several gradients are put together to be reduced at once, in a copy of
   * the bucket.
   */
  void reduce() {
    if (copies && (members > 1 || filled > alone.getAsLong())) {
      graph.release(
          graph.allocate(REDUCE, "reduced gradients", Category.COMMUNICATION, filled, dtype));
    }
    if (oversized != null) {
      graph.release(oversized);
      oversized = null;
    }
    if (members > 0) {
      reduced.run();
    }
    filled = 0;
    members = 0;
  }
}
