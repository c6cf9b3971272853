package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that ZeRO's stage 3 has gathered at a time
 * (deepspeed/runtime/zero/partitioned_param_coordinator.py).
 *
 * <p>Every module that is called, whether it has parameters or not, starts to gather another
 * bucket's worth of those that come next in the traced step, as long as fewer than {@code
 * max_live_parameters} are there. There are more modules than parameters to gather, so within a few
 * layers the limit is reached, and it is kept up until the trace has no more.
 */
final class LiveParameters {

  private static final Operation GATHER =
      Operation.of(
          "all_gather_coalesced",
          "deepspeed/runtime/zero/partition_parameters.py all_gather_coalesced");

  private final Graph graph;
  private final ZeroSettings settings;
  private final DataType dtype;
  private final ParameterOrder order = new ParameterOrder();
  private final List<Tensor> gathered = new ArrayList<>();
  private long bytes;

  /** Where what is gathered together arrives; null where nothing is. */
  private @Nullable Tensor buffer;

  /** Gathered for a pass behind which no backward pass comes. */
  private boolean forForwardAlone;

  LiveParameters(Graph graph, ZeroSettings settings, DataType dtype) {
    this.graph = graph;
    this.settings = settings;
    this.dtype = dtype;
  }

  /** A small parameter is gathered once a step and for good; others when they are needed. */
  void add(ParameterSpec spec) {
    long elements = stored(spec);
    if (elements <= settings.persistenceThreshold()) {
      graph.allocate(
          GATHER, "persistent parameters", Category.GATHERED, spec.elements(), spec.dtype());
    } else {
      order.add(elements, graph.iterations());
      bytes += spec.elements() * spec.dtype().bytes() * graph.iterations();
    }
  }

  /**
   * Quantised weights are stored as tensors of the compute dtype, {@code bnb_4bit_quant_storage}.
   */
  private long stored(ParameterSpec spec) {
    return switch (spec.dtype()) {
      case FP32, BF16, FP16 -> spec.elements();
      case FP8, INT64, INT32, INT8, UINT8, BOOL ->
          spec.elements() * spec.dtype().bytes() / dtype.bytes();
    };
  }

  /** A forward pass begins; one behind another finds what that has gathered. */
  void gather() {
    long total = order.total();
    if (total == 0 || !gathered.isEmpty()) {
      return;
    }
    forForwardAlone = !graph.gradEnabled();
    double part = (double) Math.max(settings.maxLive(), order.largest()) / total;
    long live = part < 1 ? (long) (bytes * part) : bytes;
    gathered.add(
        graph.allocate(GATHER, "gathered parameters", Category.GATHERED, live, DataType.UINT8));
    // Parameters that are gathered together arrive in one buffer and are copied out of it.
    long together = order.largestGroup(settings.prefetchBucket());
    if (together > 0) {
      buffer = graph.allocate(GATHER, "all-gather buffer", Category.COMMUNICATION, together, dtype);
    }
  }

  /**
   * The forward pass is over. Parameters of small models are used again before {@code
   * max_reuse_distance} others are, so they stay and nothing more is gathered.
   */
  void endForward() {
    if (forForwardAlone) {
      release();
    } else if (2 * order.total() <= settings.maxLive()) {
      releaseBuffer();
    }
  }

  /**
   * The layers have run. What is gathered together is taken apart for the first module that needs
   * any of it, so all of it is behind the layers: a head that is alone in its group has no buffer.
   */
  void endLayers() {
    if (2 * order.total() <= settings.maxLive()) {
      releaseBuffer();
    }
  }

  void release() {
    gathered.forEach(graph::release);
    gathered.clear();
    releaseBuffer();
  }

  private void releaseBuffer() {
    if (buffer != null) {
      graph.release(buffer);
      buffer = null;
    }
  }
}
