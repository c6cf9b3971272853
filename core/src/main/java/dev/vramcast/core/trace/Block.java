package dev.vramcast.core.trace;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.units.DataType;

/**
 * One tensor's storage on the trace. PyTorch's caching allocator hands out multiples of 512 bytes
 * ({@code kMinBlockSize} in c10/core/AllocatorConfig.h), so that is what a block counts.
 */
public class Block {

  private static final long ROUNDING = 512;

  private final String name;
  private final Category category;
  private final DataType dtype;
  private final long elements;
  private final long bytes;
  private final Stream stream;

  /** A block of the stream on which the model runs. */
  public Block(String name, Category category, DataType dtype, long elements) {
    this(name, category, dtype, elements, Stream.COMPUTE);
  }

  public Block(String name, Category category, DataType dtype, long elements, Stream stream) {
    this.name = name;
    this.category = category;
    this.dtype = dtype;
    this.elements = elements;
    this.stream = stream;
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

  /** The stream on which it is allocated. */
  public final Stream stream() {
    return stream;
  }
}
