package dev.vramcast.core.allocator;

import dev.vramcast.core.job.AllocatorSettings;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's caching allocator (c10/cuda/CUDACachingAllocator.cpp, constants in
 * c10/core/AllocatorConfig.h): it takes segments from the driver, hands out parts of them by best
 * fit, splits what is too large, merges free neighbours, and keeps segments until memory runs out.
 * What was freed on one stream is not handed out on another.
 */
public final class CachingAllocator {

  /** {@code kMinBlockSize}: every size is rounded up to it. */
  public static final long MIN_BLOCK = 512;

  /** {@code kSmallSize}: up to here allocations come from the small pool. */
  public static final long SMALL = 1L << 20;

  /** {@code kSmallBuffer}: segment of the small pool, and page of a growing one. */
  public static final long SMALL_SEGMENT = 2L << 20;

  /** {@code kMinLargeAlloc}: below, segments of {@link #LARGE_SEGMENT}. */
  public static final long MIN_LARGE = 10L << 20;

  /** {@code large_segment_size}: segment of the large pool, and page of a growing one. */
  public static final long LARGE_SEGMENT = 20L << 20;

  /** {@code kRoundLarge}: larger segments are multiples of this. */
  public static final long ROUND_LARGE = 2L << 20;

  /** {@code max_non_split_rounding_size}: what may be lost of a block that is not split. */
  public static final long UNSPLIT_REST = 20L << 20;

  private static final int STREAMS = Stream.values().length;

  private final boolean grows;
  private final long maxSplit;
  private final long limit;
  private final Arena[] arenas = new Arena[STREAMS];
  private final FreeEvents<Chunk> waiting = new FreeEvents<>();
  private long nextAddress;
  private long reserved;
  private long mostReserved;
  private long mostOfStep;
  private long wanted = Long.MAX_VALUE;

  /** The pools of one stream. */
  private static final class Arena {

    final Pool small = new Pool(true);
    final Pool large = new Pool(false);
    final GrowingSegment growingSmall = new GrowingSegment(small, SMALL_SEGMENT);
    final GrowingSegment growingLarge = new GrowingSegment(large, LARGE_SEGMENT);

    GrowingSegment growing(Pool pool) {
      return pool.small ? growingSmall : growingLarge;
    }

    List<Pool> pools() {
      return List.of(large, small);
    }
  }

  /**
   * An allocator that holds nothing.
   *
   * @param limit bytes that the driver has to give
   */
  public CachingAllocator(AllocatorSettings settings, long limit) {
    this.grows = settings.expandableSegments();
    this.maxSplit = settings.maxSplitBytes().orElse(Long.MAX_VALUE);
    this.limit = limit;
  }

  /** Bytes taken from the driver. */
  public long reserved() {
    return reserved;
  }

  /** The most that was ever taken at a time. */
  public long mostReserved() {
    return mostReserved;
  }

  /** The most that was taken at a time since a step began. */
  public long mostOfStep() {
    return mostOfStep;
  }

  /** A step begins. */
  public void beginStep() {
    mostOfStep = reserved;
  }

  /** The least limit under which the driver would have given something that it refused. */
  public long wanted() {
    return wanted;
  }

  /** A part of at least this size; null when it is out of memory. */
  public @Nullable Chunk allocate(long bytes, Stream stream) {
    long size = Math.max(MIN_BLOCK, roundUp(bytes, MIN_BLOCK));
    Arena arena = arena(stream);
    waiting.beforeAllocation(stream, CachingAllocator::putBack);
    Pool pool = size <= SMALL ? arena.small : arena.large;
    Chunk chunk = find(pool, size);
    if (chunk == null) {
      chunk = fromDriver(arena, pool, size);
    }
    if (chunk == null && releaseOversized(pool, size)) {
      chunk = fromDriver(arena, pool, size);
    }
    if (chunk == null) {
      releaseAll();
      chunk = fromDriver(arena, pool, size);
    }
    return chunk == null ? null : take(pool, chunk, size);
  }

  /**
   * Whether handing out a part and taking it back at once would leave all as it is: what it is cut
   * from is free and becomes one with it again. Not known of growing segments and of blocks that
   * are not split.
   */
  public boolean hasRoom(long bytes, Stream stream) {
    if (grows || maxSplit != Long.MAX_VALUE || stream.isReadAside()) {
      return false;
    }
    Arena arena = arena(stream);
    return (bytes <= SMALL ? arena.small : arena.large).smallest(bytes) != null;
  }

  private Arena arena(Stream stream) {
    Arena arena = arenas[stream.memory().ordinal()];
    if (arena == null) {
      arena = new Arena();
      arenas[stream.memory().ordinal()] = arena;
    }
    return arena;
  }

  /** The pools of all streams that were used, in the order of the streams. */
  private List<Arena> used() {
    return Arrays.stream(arenas).filter(arena -> arena != null).toList();
  }

  private Chunk take(Pool pool, Chunk chunk, long size) {
    pool.remove(chunk);
    chunk.used = true;
    long rest = chunk.bytes - size;
    boolean fine = pool.small || grows;
    if (fine ? rest >= MIN_BLOCK : rest > SMALL && size < maxSplit) {
      pool.add(chunk.split(size));
    }
    return chunk;
  }

  /** {@code get_free_block}; null when none is large enough. */
  private @Nullable Chunk find(Pool pool, long size) {
    Chunk chunk = pool.smallest(size);
    if (chunk == null) {
      return null;
    }
    Chunk best = grows ? leastGrowing(pool, chunk) : chunk;
    boolean tooLarge = size < maxSplit ? best.bytes >= maxSplit : best.bytes - size >= UNSPLIT_REST;
    return tooLarge ? null : best;
  }

  /** The part at the growing end counts as what it can grow to, so that it is used last. */
  private static Chunk leastGrowing(Pool pool, Chunk smallest) {
    Chunk chunk = smallest;
    Chunk next = pool.larger(chunk);
    while (next != null && next.growsTo() < chunk.growsTo()) {
      chunk = next;
      next = pool.larger(next);
    }
    return chunk;
  }

  /** {@code alloc_block}: a free part with new memory; null when the driver has too little. */
  private @Nullable Chunk fromDriver(Arena arena, Pool pool, long size) {
    if (grows) {
      return arena.growing(pool).grow(size, this::take);
    }
    long bytes =
        pool.small ? SMALL_SEGMENT : size < MIN_LARGE ? LARGE_SEGMENT : roundUp(size, ROUND_LARGE);
    if (!take(bytes)) {
      return null;
    }
    Chunk segment = new Chunk(pool, nextAddress, bytes, true);
    nextAddress += bytes;
    return segment;
  }

  private boolean take(long bytes) {
    if (bytes > limit - reserved) {
      wanted = Math.min(wanted, reserved + bytes);
      return false;
    }
    reserved += bytes;
    mostReserved = Math.max(mostReserved, reserved);
    mostOfStep = Math.max(mostOfStep, reserved);
    return true;
  }

  /** {@code release_available_cached_blocks}: only blocks that are not split make way for one. */
  private boolean releaseOversized(Pool pool, long size) {
    if (maxSplit == Long.MAX_VALUE || grows) {
      return false;
    }
    long wanted = Math.max(size, maxSplit);
    Chunk enough = pool.smallest(wanted);
    if (enough != null) {
      return release(enough) > 0;
    }
    long released = 0;
    Chunk largest = pool.largest();
    while (released < wanted && largest != null && largest.bytes >= maxSplit) {
      released += release(largest);
      largest = pool.largest();
    }
    return released >= wanted;
  }

  /** The process waits for all streams: what was freed can be handed out again. */
  public void waitForStreams() {
    waiting.all(CachingAllocator::putBack);
  }

  /** As {@link FreeEvents#launched}. */
  public void launched(Stream stream) {
    waiting.launched(stream, CachingAllocator::putBack);
  }

  /** As {@link FreeEvents#reduced}. */
  public void reduced() {
    waiting.reduced(CachingAllocator::putBack);
  }

  /** {@code release_cached_blocks}: waits for all streams and gives back what is free. */
  private void releaseAll() {
    waitForStreams();
    for (Arena arena : used()) {
      for (Pool pool : arena.pools()) {
        for (Chunk chunk : pool.all()) {
          if (grows) {
            reserved -= arena.growing(pool).unmap(chunk);
          } else {
            release(chunk);
          }
        }
      }
    }
  }

  private long release(Chunk chunk) {
    if (!chunk.isSegment()) {
      return 0;
    }
    chunk.pool.remove(chunk);
    reserved -= chunk.bytes;
    return chunk.bytes;
  }

  /** Takes a part back; it is handed out again when its stream need not wait for another. */
  public void free(Chunk chunk, Stream stream) {
    if (stream.isReadAside()) {
      waiting.add(chunk, stream);
    } else {
      putBack(chunk);
    }
  }

  private static void putBack(Chunk chunk) {
    chunk.used = false;
    chunk.pool.add(chunk);
  }

  private static long roundUp(long value, long unit) {
    return (value + unit - 1) / unit * unit;
  }
}
