package dev.vramcast.core.life.file;

import java.util.Iterator;
import java.util.List;

/**
 * The tensors of a file in blocks, of which equal layers are the same list, below another path.
 *
 * @param blocks in the order in which a model has them
 */
public record SavedTensors(List<Block> blocks) implements Iterable<SavedTensor> {

  /**
   * Tensors whose names begin alike.
   *
   * @param path what stands before each of their names, with its last point, and before no other
   *     name; empty where each has a name of its own
   */
  public record Block(String path, List<SavedTensor> tensors) {

    private long bytes() {
      long bytes = 0;
      for (SavedTensor tensor : tensors) {
        bytes = Math.addExact(bytes, tensor.bytes());
      }
      return bytes;
    }
  }

  public SavedTensors {
    blocks = List.copyOf(blocks);
  }

  /** Tensors that have nothing in common. */
  public static SavedTensors of(List<SavedTensor> tensors) {
    return new SavedTensors(List.of(new Block("", tensors)));
  }

  /** What their values take. */
  public long bytes() {
    long total = 0;
    long bytes = 0;
    Block last = null;
    for (Block block : blocks) {
      if (last == null || last.tensors() != block.tensors()) {
        bytes = block.bytes();
        last = block;
      }
      total = Math.addExact(total, bytes);
    }
    return total;
  }

  /** Every tensor, without the path of its block. */
  @Override
  public Iterator<SavedTensor> iterator() {
    return blocks.stream().flatMap(block -> block.tensors().stream()).iterator();
  }
}
