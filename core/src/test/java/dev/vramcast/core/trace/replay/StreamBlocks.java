package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.MemorySpace;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/** Blocks of bytes on a stream, of which nobody says what made them. */
final class StreamBlocks {

  private StreamBlocks() {}

  static Block block(String name, Category category, long bytes, Stream stream) {
    return new Block(
        name,
        category,
        DataType.UINT8,
        bytes,
        stream,
        MemorySpace.DEVICE,
        ModuleScope.MODEL,
        Operation.NONE);
  }
}
