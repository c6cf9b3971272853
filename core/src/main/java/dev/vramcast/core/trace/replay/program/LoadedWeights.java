package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What weights are on the GPU until they are what they stay. */
final class LoadedWeights {

  private final Loading loading;

  /** What stands for a block in 16 bits until it is made fp32, in the order of loading. */
  private final Map<Block, Block> narrow = new LinkedHashMap<>();

  LoadedWeights(Loading loading) {
    this.loading = loading;
  }

  /**
   * Loads a block. A 16-bit weight may be read into another, to be cast (transformers/
   * modeling_utils.py {@code _load_state_dict_into_meta_model}, where {@code tensor_device} is the
   * GPU); weights that are made fp32 one by one when all are there come in 16 bits (peft/utils/
   * other.py {@code prepare_model_for_kbit_training}).
   */
  void load(Block block, Consumer<Block> allocate, Consumer<Block> free) {
    Block loaded = first(block);
    boolean half = loaded.dtype() == DataType.FP16 || loaded.dtype() == DataType.BF16;
    if (loading.casts() && loaded.category() == Category.WEIGHTS && half) {
      Block source = narrow(loaded);
      allocate.accept(source);
      allocate.accept(loaded);
      free.accept(source);
    } else {
      allocate.accept(loaded);
    }
  }

  private Block first(Block block) {
    boolean widens =
        loading.widens() && block.category() == Category.WEIGHTS && block.dtype() == DataType.FP32;
    return widens ? narrow.computeIfAbsent(block, LoadedWeights::narrow) : block;
  }

  /** Makes all of them fp32. */
  void widen(Consumer<Block> allocate, Consumer<Block> free) {
    narrow.forEach(
        (wide, half) -> {
          allocate.accept(wide);
          free.accept(half);
        });
  }

  private static Block narrow(Block block) {
    return new Block(block.name(), block.category(), DataType.BF16, block.elements());
  }
}
