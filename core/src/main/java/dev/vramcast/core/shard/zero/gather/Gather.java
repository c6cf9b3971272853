package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Parameters that are gathered at once. One alone arrives where it stays; several arrive in one
 * buffer for each dtype, out of which all are copied for the first module that needs one of them,
 * and which lives until each has been asked for (partition_parameters.py
 * AllGatherCoalescedHandle.wait).
 */
final class Gather {

  private final GatherMemory memory;
  private final List<GatheredParameter> parameters;
  private final List<Tensor> buffers = new ArrayList<>();
  private int unasked;
  private boolean arrived;

  /** Begins: all of them are in flight. */
  Gather(GatherMemory memory, List<GatheredParameter> parameters) {
    this.memory = memory;
    this.parameters = parameters;
    this.unasked = parameters.size();
    parameters.forEach(each -> each.status = GatheredParameter.Status.INFLIGHT);
    write();
  }

  /** What is in flight is on the trace, where anything is. */
  void write() {
    if (parameters.size() == 1) {
      GatheredParameter only = parameters.get(0);
      only.whole = only.whole == null ? memory.parameter(only) : only.whole;
    } else if (buffers.isEmpty()) {
      elements().forEach((dtype, sum) -> memory.buffer(sum, dtype).ifPresent(buffers::add));
    }
  }

  private Map<DataType, Long> elements() {
    Map<DataType, Long> sums = new TreeMap<>();
    parameters.forEach(each -> sums.merge(each.dtype(), memory.padded(each), Long::sum));
    return sums;
  }

  /** They are waited for. */
  void arrive() {
    if (arrived) {
      return;
    }
    arrived = true;
    for (GatheredParameter each : parameters) {
      if (parameters.size() > 1) {
        each.whole = memory.copy(each);
      }
      each.status = GatheredParameter.Status.AVAILABLE;
    }
  }

  /** A module asks for one of them. */
  void ask() {
    arrive();
    unasked--;
    if (unasked == 0) {
      buffers.forEach(memory::free);
      buffers.clear();
    }
  }
}
