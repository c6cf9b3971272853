package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.input.Interruption;
import dev.vramcast.core.trace.Block;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Blocks that are freed in place of others, which the step before left in another form. */
final class StandIns {

  private final List<Block> blocks;
  private final Set<Integer> allocated;

  /** By number; null until it is asked for. */
  private int @Nullable [] @Nullable [] known;

  /** Of blocks by number, of which some are allocated; both may grow until the first is asked. */
  StandIns(List<Block> blocks, Set<Integer> allocated) {
    this.blocks = blocks;
    this.allocated = allocated;
  }

  /**
   * What is freed in place of a block that is not there, in the order in which it is looked for:
   * blocks of its name and size, then of its name, then of its category and size. A repeated
   * section frees one, which the iteration before it made: the input of the first of equal layers
   * may have another size or name than that of the others. Elsewhere as many bytes are freed: the
   * outputs that the step before kept may be in pieces.
   */
  int[] of(int number) {
    int[][] found = known;
    if (found == null) {
      found = new int[blocks.size()][];
      known = found;
    }
    if (found[number] == null) {
      found[number] = find(blocks.get(number));
    }
    return found[number];
  }

  private int[] find(Block block) {
    Interruption.check();
    return IntStream.rangeClosed(0, 2)
        .flatMap(rank -> allocated.stream().mapToInt(n -> n).filter(n -> rank(n, block) == rank))
        .toArray();
  }

  /** 0 to 2, the likest first; 3 for a block that cannot stand in for another. */
  int rank(int number, Block block) {
    Block other = blocks.get(number);
    boolean sameSize = other.bytes() == block.bytes();
    if (other.name().equals(block.name())) {
      return sameSize ? 0 : 1;
    }
    return sameSize && other.category() == block.category() ? 2 : 3;
  }
}
