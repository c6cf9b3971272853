package dev.vramcast.formats.snapshot;

import java.util.List;

/**
 * Something that the allocator did.
 *
 * @param bytes for tensors rounded up as the allocator does
 */
record Event(Kind kind, long address, long bytes, List<?> frames) {

  /** What changes a figure. A tensor is no longer allocated when it is asked to be freed. */
  enum Kind {
    ALLOC,
    FREE,
    SEGMENT,
    SEGMENT_FREE,
    OUT_OF_MEMORY,
    OTHER
  }

  /**
   * The allocator rounds requests up to this (c10/cuda/CUDACachingAllocator.cpp, kMinBlockSize).
   */
  private static final long SMALLEST_BLOCK = 512;

  /** By the name of an action, as in {@code torch.cuda.memory._snapshot}. */
  static Event of(String action, long address, long size, List<?> frames) {
    Kind kind =
        switch (action) {
          case "alloc" -> Kind.ALLOC;
          case "free_requested", "free" -> Kind.FREE;
          case "segment_alloc", "segment_map" -> Kind.SEGMENT;
          case "segment_free", "segment_unmap" -> Kind.SEGMENT_FREE;
          case "oom" -> Kind.OUT_OF_MEMORY;
          default -> Kind.OTHER;
        };
    boolean tensor = kind == Kind.ALLOC || kind == Kind.FREE;
    long bytes =
        tensor ? Math.max(1, (size + SMALLEST_BLOCK - 1) / SMALLEST_BLOCK) * SMALLEST_BLOCK : size;
    return new Event(kind, address, bytes, frames);
  }
}
