package dev.vramcast.core.trace;

/**
 * What a trace of the host's memory takes of it at its peak. PyTorch rounds pinned memory up to a
 * power of two (aten/src/ATen/core/CachingHostAllocator.h, {@code PowerOf2Ceil}).
 */
public final class PinnedMemory {

  private long bytes;

  private PinnedMemory() {}

  /** Bytes that a rank takes of the host, with what rounding adds. */
  public static long bytes(AllocationTrace host) {
    PinnedMemory memory = new PinnedMemory();
    PeakScan.of(host, null).forEachAlive(memory::add);
    return memory.bytes;
  }

  private void add(Block block, long count) {
    long exact = Math.multiplyExact(block.elements(), block.dtype().bytes());
    long each = block.space() == MemorySpace.PAGEABLE ? exact : powerOfTwo(exact);
    bytes = Math.addExact(bytes, Math.multiplyExact(each, count));
  }

  private static long powerOfTwo(long bytes) {
    long highest = Long.highestOneBit(Math.max(1, bytes));
    return highest == bytes ? bytes : Math.multiplyExact(2, highest);
  }
}
