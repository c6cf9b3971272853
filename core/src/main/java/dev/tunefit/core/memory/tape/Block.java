package dev.tunefit.core.memory.tape;

import dev.tunefit.core.units.DataType;

/**
 * One tensor's storage on the tape. PyTorch's caching allocator hands out multiples of 512 bytes
 * ({@code kMinBlockSize} in c10/core/AllocatorConfig.h), so that is what a block counts.
 */
public class Block {

  private static final long ROUNDING = 512;

  private final String name;
  private final Category category;
  private final DataType dtype;
  private final long elements;
  private final long bytes;

  public Block(String name, Category category, DataType dtype, long elements) {
    this.name = name;
    this.category = category;
    this.dtype = dtype;
    this.elements = elements;
    long exact = Math.multiplyExact(elements, dtype.bytes());
    this.bytes = Math.addExact(exact, ROUNDING - 1) / ROUNDING * ROUNDING;
  }

  public final String name() {
    return name;
  }

  public final Category category() {
    return category;
  }

  public final DataType dtype() {
    return dtype;
  }

  public final long elements() {
    return elements;
  }

  /** Size in bytes, rounded up to the allocator's unit. */
  public final long bytes() {
    return bytes;
  }
}
