package dev.vramcast.core.trace.replay;

import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds blocks that two steps never free, whatever else they free in place of what is not there.
 */
final class KeptBlocks {

  /** What a block may stand in for. */
  private record Kind(Category category, long bytes) {}

  private final Set<String> names = new HashSet<>();
  private final Set<Kind> kinds = new HashSet<>();

  private KeptBlocks() {}

  /**
   * Which blocks stay, by number.
   *
   * @param freed by number: which are freed somewhere
   */
  static boolean[] of(List<Block> blocks, boolean[] freed) {
    KeptBlocks kept = new KeptBlocks();
    for (int i = 0; i < freed.length; i++) {
      if (freed[i]) {
        kept.names.add(blocks.get(i).name());
        kept.kinds.add(kind(blocks.get(i)));
      }
    }
    boolean[] stays = new boolean[freed.length];
    for (int i = 0; i < freed.length; i++) {
      stays[i] = !freed[i] && kept.stays(blocks.get(i));
    }
    return stays;
  }

  private boolean stays(Block block) {
    return !names.contains(block.name()) && !kinds.contains(kind(block));
  }

  private static Kind kind(Block block) {
    return new Kind(block.category(), block.bytes());
  }
}
