package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import java.util.function.ObjLongConsumer;

/** What is alive at the end of a trace. */
public final class Living {

  private Living() {}

  public static long bytes(AllocationTrace trace) {
    long[] sum = new long[1];
    forEachEvent(trace, (block, allocations) -> sum[0] += allocations * block.bytes());
    return sum[0];
  }

  /** Deaths are negative allocations. */
  static void forEachEvent(AllocationTrace trace, ObjLongConsumer<Block> consumer) {
    long times = 1;
    for (int i = 0; i < trace.size(); i++) {
      switch (trace.kind(i)) {
        case REPEAT -> times = trace.times(i);
        case END -> times = 1;
        case ALLOCATE -> consumer.accept(trace.block(i), times);
        case FREE -> consumer.accept(trace.block(i), -times);
        case PHASE -> {}
      }
    }
  }
}
