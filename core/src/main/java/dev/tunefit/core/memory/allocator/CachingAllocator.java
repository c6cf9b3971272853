package dev.tunefit.core.memory.allocator;

import java.util.Comparator;
import java.util.TreeSet;

/**
 * PyTorch's caching allocator on one stream (c10/cuda/CUDACachingAllocator.cpp): it takes segments
 * from the driver, hands out parts of them by best fit, splits what is too large, merges free
 * neighbours, and keeps segments until memory runs out.
 */
final class CachingAllocator {

  /** {@code kMinBlockSize}: every size is rounded up to it. */
  static final long MIN_BLOCK = 512;

  /** {@code kSmallSize}: up to here allocations come from the small pool. */
  static final long SMALL = 1L << 20;

  /** {@code kSmallBuffer}: segment of the small pool. */
  static final long SMALL_SEGMENT = 2L << 20;

  /** {@code kMinLargeAlloc}: below, segments of {@link #LARGE_SEGMENT}. */
  static final long MIN_LARGE = 10L << 20;

  /** {@code kLargeBuffer}. */
  static final long LARGE_SEGMENT = 20L << 20;

  /** {@code kRoundLarge}: larger segments are multiples of this. */
  static final long ROUND_LARGE = 2L << 20;

  /** A part of a segment. */
  static final class Chunk {
    private final long address;
    private long bytes;
    private final boolean small;
    private Chunk previous;
    private Chunk next;
    private boolean used;

    private Chunk(long address, long bytes, boolean small) {
      this.address = address;
      this.bytes = bytes;
      this.small = small;
    }
  }

  private static final Comparator<Chunk> BEST_FIT =
      Comparator.<Chunk>comparingLong(c -> c.bytes).thenComparingLong(c -> c.address);

  private final TreeSet<Chunk> smallPool = new TreeSet<>(BEST_FIT);
  private final TreeSet<Chunk> largePool = new TreeSet<>(BEST_FIT);
  private long nextAddress;
  private long reserved;

  /** Bytes taken from the driver. */
  long reserved() {
    return reserved;
  }

  Chunk allocate(long bytes) {
    long size = Math.max(MIN_BLOCK, roundUp(bytes, MIN_BLOCK));
    boolean small = size <= SMALL;
    TreeSet<Chunk> pool = small ? smallPool : largePool;
    Chunk chunk = pool.ceiling(new Chunk(-1, size, small));
    if (chunk == null) {
      chunk = newSegment(size, small);
    } else {
      pool.remove(chunk);
    }
    long rest = chunk.bytes - size;
    if (small ? rest >= MIN_BLOCK : rest > SMALL) {
      split(chunk, size, pool);
    }
    chunk.used = true;
    return chunk;
  }

  private Chunk newSegment(long size, boolean small) {
    long bytes =
        small ? SMALL_SEGMENT : size < MIN_LARGE ? LARGE_SEGMENT : roundUp(size, ROUND_LARGE);
    Chunk segment = new Chunk(nextAddress, bytes, small);
    nextAddress += bytes;
    reserved += bytes;
    return segment;
  }

  private void split(Chunk chunk, long size, TreeSet<Chunk> pool) {
    Chunk rest = new Chunk(chunk.address + size, chunk.bytes - size, chunk.small);
    rest.previous = chunk;
    rest.next = chunk.next;
    if (chunk.next != null) {
      chunk.next.previous = rest;
    }
    chunk.next = rest;
    chunk.bytes = size;
    pool.add(rest);
  }

  void free(Chunk chunk) {
    TreeSet<Chunk> pool = chunk.small ? smallPool : largePool;
    chunk.used = false;
    Chunk merged = chunk;
    if (chunk.previous != null && !chunk.previous.used) {
      pool.remove(chunk.previous);
      merged = join(chunk.previous, chunk);
    }
    if (merged.next != null && !merged.next.used) {
      pool.remove(merged.next);
      merged = join(merged, merged.next);
    }
    pool.add(merged);
  }

  private static Chunk join(Chunk first, Chunk second) {
    first.bytes += second.bytes;
    first.next = second.next;
    if (second.next != null) {
      second.next.previous = first;
    }
    return first;
  }

  private static long roundUp(long value, long unit) {
    return (value + unit - 1) / unit * unit;
  }
}
