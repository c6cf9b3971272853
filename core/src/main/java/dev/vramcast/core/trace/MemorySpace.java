package dev.vramcast.core.trace;

/** Where a block lies. */
public enum MemorySpace {
  /** The GPU's memory, as PyTorch's caching allocator hands it out. */
  DEVICE,

  /** The machine's memory, pinned, where offloading puts what the GPU cannot hold. */
  PINNED,

  /** The machine's memory as the system hands it out, which no copy engine reads. */
  PAGEABLE;

  /** Whether the GPU's memory is not what it takes. */
  public boolean isHost() {
    return this != DEVICE;
  }
}
