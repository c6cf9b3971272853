package dev.vramcast.core.trace.replay;

import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Weights that are loaded in 16 bits and made fp32 one by one when all are there
 * (peft/utils/other.py {@code prepare_model_for_kbit_training}).
 */
final class NarrowWeights {

  private final boolean widens;

  /** What stands for a block in 16 bits until it is made fp32, in the order of loading. */
  private final Map<Block, Block> narrow = new LinkedHashMap<>();

  NarrowWeights(Loading loading) {
    widens = loading.widens();
  }

  /** What is there of a block of the model when it is loaded. */
  Block first(Block block) {
    if (!widens || block.category() != Category.WEIGHTS || block.dtype() != DataType.FP32) {
      return block;
    }
    return narrow.computeIfAbsent(
        block, b -> new Block(b.name(), b.category(), DataType.BF16, b.elements()));
  }

  /** Makes all of them fp32. */
  void widen(Consumer<Block> allocate, Consumer<Block> free) {
    narrow.forEach(
        (wide, half) -> {
          allocate.accept(wide);
          free.accept(half);
        });
  }
}
