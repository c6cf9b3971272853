package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import java.util.List;

/**
 * Sizes of a program's blocks in micro-batches of growing length. What grows with tokens is made
 * smaller in proportion to them.
 */
final class GrowingLengths {

  private GrowingLengths() {}

  /** By micro-batch, then by number of the block, in bytes; of all but the longest. */
  static List<long[]> of(ReplayProgram program, VaryingLengths lengths) {
    long[] longest = program.bytes();
    boolean[] grows = new boolean[longest.length];
    for (int i = 0; i < grows.length; i++) {
      grows[i] = grows(program.block(i), lengths.rows());
    }
    return lengths.lengths().stream().map(length -> sizes(longest, grows, length)).toList();
  }

  private static long[] sizes(long[] longest, boolean[] grows, double length) {
    long unit = CachingAllocator.MIN_BLOCK;
    long[] sizes = longest.clone();
    for (int i = 0; i < sizes.length; i++) {
      if (grows[i]) {
        sizes[i] = Math.max(unit, (long) Math.ceil(longest[i] * length / unit) * unit);
      }
    }
    return sizes;
  }

  private static boolean grows(Block block, long rows) {
    return switch (block.category()) {
      case ACTIVATIONS, LOGITS_AND_LOSS -> true;
      case TEMPORARIES -> block.shape().size() == 2 && block.shape().get(0) == rows;
      case WEIGHTS, ADAPTERS, GATHERED, COMMUNICATION, GRADIENTS, OPTIMIZER, ENGINE, OTHER -> false;
    };
  }
}
