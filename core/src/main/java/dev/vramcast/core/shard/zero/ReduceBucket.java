package dev.vramcast.core.shard.zero;

import dev.vramcast.core.allocator.Stream;
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
  private final Stream stream;
  private final ParameterOrder order;
  private final List<Tensor> open = new ArrayList<>();
  private final Reduction reduction;
  private final List<Member> members = new ArrayList<>();
  private long filled;

  /** A gradient that is larger than a buffer; null while there is none. */
  private @Nullable Tensor oversized;

  /**
   * A gradient that has come.
   *
   * @param times equal layers that it came from
   */
  record Member(Parameter parameter, int times) {

    long elements() {
      return parameter.elements() * times;
    }
  }

  /** How gradients are reduced. */
  interface Reduction {

    /** Elements of the piece in which these are put together; 0 where they are reduced in place. */
    long copied(List<Member> gradients);

    /** They have been reduced. */
    void reduced();
  }

  /**
   * A bucket that is not there yet.
   *
   * @param size elements of a buffer
   * @param stream on which it is reduced
   * @param order of the trained parameters
   */
  ReduceBucket(
      Graph graph,
      long size,
      int buffers,
      DataType dtype,
      Stream stream,
      ParameterOrder order,
      Reduction reduction) {
    this.stream = stream;
    this.reduction = reduction;
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
    // Where a bucket holds all there is, it holds those of all equal layers.
    Member member = new Member(parameter, fills() ? 1 : graph.iterations());
    filled += member.elements();
    members.add(member);
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

  /** So many gradients are put together to be reduced at once, in a copy of them. */
  void copy(long elements) {
    if (elements > 0) {
      graph.site().operation(REDUCE);
      graph.release(
          graph.allocateOn(stream, "reduced gradients", Category.COMMUNICATION, elements, dtype));
    }
  }

  /** Reduces what is in it. */
  void reduce() {
    copy(members.isEmpty() ? 0 : reduction.copied(members));
    if (!members.isEmpty()) {
      reduction.reduced();
    }
    if (oversized != null) {
      // It is there until a part of it has been copied (copy_grads_in_partition).
      graph.release(oversized);
      oversized = null;
    }
    filled = 0;
    members.clear();
  }
}
