package dev.vramcast.core.life.file;

import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * A tensor in a file.
 *
 * @param name its key there
 * @param shape its dimensions in elements; none for a single number
 */
public record SavedTensor(String name, List<Long> shape, DataType dtype) {

  public SavedTensor {
    shape = List.copyOf(shape);
  }

  public long elements() {
    long elements = 1;
    for (int i = 0; i < shape.size(); i++) {
      elements = Math.multiplyExact(elements, shape.get(i));
    }
    return elements;
  }

  /** What its values take. */
  public long bytes() {
    return Math.multiplyExact(elements(), dtype.bytes());
  }
}
