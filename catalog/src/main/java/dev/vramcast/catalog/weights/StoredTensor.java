package dev.vramcast.catalog.weights;

import java.util.List;

/**
 * One tensor of a weight file.
 *
 * @param shape its dimensions in elements, empty for a scalar
 * @param elements their product
 * @param bytes what it takes in the file
 */
public record StoredTensor(
    String name, StoredType type, List<Long> shape, long elements, long bytes) {

  public StoredTensor {
    shape = List.copyOf(shape);
  }
}
