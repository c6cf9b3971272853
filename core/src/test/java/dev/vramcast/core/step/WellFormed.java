package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import java.util.HashMap;
import java.util.Map;

/** What must hold of every trace. */
public final class WellFormed {

  private final AllocationTrace trace;
  private final Map<String, Integer> living = new HashMap<>();

  private WellFormed(AllocationTrace trace) {
    this.trace = trace;
  }

  /**
   * Every block that is freed was allocated, and none is freed twice. In a section that repeats,
   * what the iteration before made stands under another block of the same name and size.
   */
  public static void check(AllocationTrace trace) {
    new WellFormed(trace).run();
  }

  private void run() {
    int i = 0;
    while (i < trace.size()) {
      if (trace.kind(i) == AllocationTrace.Kind.REPEAT) {
        int end = i + 1;
        for (int iteration = 0; iteration < trace.times(i); iteration++) {
          end = iterate(i + 1);
        }
        i = end;
      }
      one(i);
      i++;
    }
  }

  private int iterate(int from) {
    int i = from;
    while (trace.kind(i) != AllocationTrace.Kind.END) {
      one(i);
      i++;
    }
    return i;
  }

  private void one(int index) {
    switch (trace.kind(index)) {
      case ALLOCATE -> living.merge(key(trace.block(index)), 1, Integer::sum);
      case FREE -> {
        int left = living.merge(key(trace.block(index)), -1, Integer::sum);
        assertThat(left).as("%s at %d", trace.block(index).name(), index).isNotNegative();
      }
      case PHASE, REPEAT, END -> {}
    }
  }

  private static String key(Block block) {
    return block.name() + " of " + block.bytes() + " bytes";
  }
}
