package dev.vramcast.core.run;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import java.util.Map;
import java.util.TreeMap;

/** What a step leaves behind. */
final class LeftOver {

  private LeftOver() {}

  /** Bytes alive at the end of the step by category and name, where there are any. */
  static Map<String, Long> of(AllocationTrace trace) {
    Map<String, Long> left = new TreeMap<>();
    long times = 1;
    for (int i = 0; i < trace.size(); i++) {
      switch (trace.kind(i)) {
        case REPEAT -> times = trace.times(i);
        case END -> times = 1;
        case ALLOCATE -> add(left, trace.block(i), times);
        case FREE -> add(left, trace.block(i), -times);
        case PHASE -> {}
      }
    }
    left.values().removeIf(bytes -> bytes == 0);
    return left;
  }

  private static void add(Map<String, Long> sums, Block block, long times) {
    sums.merge(block.category() + " " + block.name(), times * block.bytes(), Long::sum);
  }
}
