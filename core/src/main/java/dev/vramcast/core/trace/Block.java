package dev.vramcast.core.trace;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * One tensor's storage on the trace. PyTorch's caching allocator hands out multiples of 512 bytes
 * ({@code kMinBlockSize} in c10/core/AllocatorConfig.h), so that is what a block counts.
 */
public class Block {

  /**
   * The name of what an optimizer steps on in place of parameters, which is there before it does.
   */
  public static final String MASTER_WEIGHTS = "master weights";

  /** The name of what gradients are added up in from loading on. */
  public static final String GRADIENT_BUFFER = "gradient buffer";

  private static final long ROUNDING = 512;

  private final String name;
  private final Category category;
  private final DataType dtype;
  private final long elements;
  private final long bytes;
  private final Stream stream;
  private final MemorySpace space;
  private final ModuleScope module;
  private final Operation operation;
  private long features;

  /** Index of the entry that allocated it last, in whichever trace that was. */
  private int allocation;

  /** A block of the stream on which the model runs, of which nobody says what made it. */
  public Block(String name, Category category, DataType dtype, long elements) {
    this(
        name,
        category,
        dtype,
        elements,
        Stream.COMPUTE,
        MemorySpace.DEVICE,
        ModuleScope.MODEL,
        Operation.NONE);
  }

  /** A block of any stream, with the module and the operation that allocate it. */
  public Block(
      String name,
      Category category,
      DataType dtype,
      long elements,
      Stream stream,
      MemorySpace space,
      ModuleScope module,
      Operation operation) {
    this.name = name;
    this.category = category;
    this.dtype = dtype;
    this.elements = elements;
    this.stream = stream;
    this.space = space;
    this.module = module;
    this.operation = operation;
    this.bytes = bytes(elements, dtype);
  }

  /** What a block of so many elements counts, in bytes. */
  public static long bytes(long elements, DataType dtype) {
    long exact = Math.multiplyExact(elements, dtype.bytes());
    return Math.addExact(exact, ROUNDING - 1) / ROUNDING * ROUNDING;
  }

  /** Whether micro-batches leave it, and not loading. */
  public final boolean isGradient() {
    return category == Category.GRADIENTS && bytes > 0 && !name.equals(GRADIENT_BUFFER);
  }

  /** Whether an optimizer makes it in its first step. */
  public final boolean isState() {
    return category == Category.OPTIMIZER && !name.equals(MASTER_WEIGHTS);
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

  /** The module that makes it; in the backward pass, the module whose gradient it is. */
  public final ModuleScope module() {
    return module;
  }

  /** What allocates it. */
  public final Operation operation() {
    return operation;
  }

  /** Size of its last dimension; 0 where that is not known. */
  public final long features() {
    return features;
  }

  /** Says the size of the last dimension, which divides the elements. */
  protected final void features(long last) {
    features = last;
  }

  /** Its shape as rows and features, or its elements where the last dimension is not known. */
  public final List<Long> shape() {
    return features == 0 || features == elements
        ? List.of(elements)
        : List.of(elements / features, features);
  }

  /** Says which entry of a trace allocates it. */
  final void allocatedBy(int entry) {
    allocation = entry;
  }

  /** Index of the entry that allocated it last, in whichever trace that was. */
  final int allocation() {
    return allocation;
  }

  /** Where it lies. */
  public final MemorySpace space() {
    return space;
  }

  /** The stream on which it is allocated. */
  public final Stream stream() {
    return stream;
  }
}
