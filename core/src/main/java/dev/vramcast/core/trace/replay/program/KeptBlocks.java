package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds blocks that two steps never free, whatever else they free in place of what is not there.
 */
final class KeptBlocks {

  private final Set<String> names = new HashSet<>();

  /** Sizes of the blocks that another block of their category and size may stand in for. */
  private final Map<Category, Set<Long>> sizes = new EnumMap<>(Category.class);

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
        kept.sizesOf(blocks.get(i)).add(blocks.get(i).bytes());
      }
    }
    boolean[] stays = new boolean[freed.length];
    for (int i = 0; i < freed.length; i++) {
      stays[i] = !freed[i] && kept.stays(blocks.get(i));
    }
    return stays;
  }

  private boolean stays(Block block) {
    return !names.contains(block.name()) && !sizesOf(block).contains(block.bytes());
  }

  private Set<Long> sizesOf(Block block) {
    return sizes.computeIfAbsent(block.category(), category -> new HashSet<>());
  }
}
