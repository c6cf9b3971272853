package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Phase;

/**
 * A run on a rank that does not wait for the first one while it loads, so that what it has received
 * its parameters in cannot be handed out again until they are there.
 *
 * @param trace of the run
 * @param mostBytes of what waits at a time
 */
public record LoadedAhead(AllocationTrace trace, long mostBytes) {

  /**
   * About so many launches wait on a stream until the process waits for the next one
   * (forums.developer.nvidia.com/t/68937).
   */
  private static final long LAUNCHES = 1024;

  /** Of a trace; each block that is given back while it loads was filled by a launch. */
  public static LoadedAhead of(AllocationTrace trace) {
    long waiting = 0;
    long launches = 0;
    long times = 1;
    for (int i = 0; i < trace.size() && !endsLoading(trace, i); i++) {
      switch (trace.kind(i)) {
        case REPEAT -> times = trace.times(i);
        case END -> times = 1;
        case ALLOCATE -> {
          Block block = trace.block(i);
          waiting += block.stream() == Stream.COMPUTE_READ_ASIDE ? times * block.bytes() : 0;
        }
        case FREE -> launches += times;
        case PHASE -> {
          // Still loading.
        }
      }
    }
    return new LoadedAhead(trace, launches <= LAUNCHES ? waiting : waiting / launches * LAUNCHES);
  }

  private static boolean endsLoading(AllocationTrace trace, int index) {
    return trace.kind(index) == AllocationTrace.Kind.PHASE && trace.phase(index) != Phase.LOAD;
  }
}
