package dev.vramcast.core.autograd;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.MemorySpace;
import dev.vramcast.core.units.DataType;

/** Memory shared by a tensor and its views; freed with the last of them. */
public final class Storage extends Block {

  final MemorySpace space;

  /** Tensors on this storage. */
  int tensors;

  /** What it is computed from while no kernel has written it to memory; null once one has. */
  Tensor[] sources;

  /** Every iteration of a repeated stretch reads it. */
  boolean shared;

  public Storage(String name, Category category, DataType dtype, long elements) {
    this(name, category, dtype, elements, MemorySpace.DEVICE);
  }

  public Storage(String name, Category category, DataType dtype, long elements, Stream stream) {
    super(name, category, dtype, elements, stream);
    this.space = MemorySpace.DEVICE;
  }

  public Storage(String name, Category category, DataType dtype, long elements, MemorySpace space) {
    super(name, category, dtype, elements);
    this.space = space;
  }
}
