package dev.vramcast.core.trace;

/** Where a block lies. */
public enum MemorySpace {
  /** The GPU's memory, as PyTorch's caching allocator hands it out. */
  DEVICE,

  /** The machine's memory, where offloading puts what the GPU cannot hold. */
  HOST
}
