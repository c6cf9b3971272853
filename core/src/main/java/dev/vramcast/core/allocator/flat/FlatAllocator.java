package dev.vramcast.core.allocator.flat;

import static dev.vramcast.core.allocator.flat.Parts.NONE;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.allocator.FreeEvents;
import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import org.jspecify.annotations.Nullable;

/**
 * Does what {@link CachingAllocator} does, to the byte, in arrays; its state can be copied. A pool
 * is named by a number: twice that of its stream, and one more where it holds large parts.
 */
public final class FlatAllocator {

  private static final Stream[] STREAMS = Stream.values();

  /** What {@link #allocate} returns when it is out of memory. */
  public static final int OUT_OF_MEMORY = NONE;

  /** In the place of a block that is never given back. */
  public static final int FOR_GOOD = 1 << 30;

  /** In the place of a block that is given back as soon as it is handed out. */
  public static final int AT_ONCE = FOR_GOOD + 1;

  /** In the place of a block: no block, the process waits for all streams. */
  public static final int WAIT = FOR_GOOD + 2;

  /** In the place of a block: no block, gradients were reduced. */
  public static final int REDUCED = FOR_GOOD + 3;

  private final boolean grows;
  private final long maxSplit;
  private final long limit;
  private final FlatPool[] pools = new FlatPool[2 * STREAMS.length];
  private final WaitingParts waiting;
  private long nextAddress;
  private long reserved;
  private long mostReserved;
  private long mostOfStep;
  private long wanted = Long.MAX_VALUE;

  /**
   * An allocator that holds nothing.
   *
   * @param limit bytes that the driver has to give
   */
  public FlatAllocator(AllocatorSettings settings, long limit) {
    this.grows = settings.expandableSegments();
    this.maxSplit = settings.maxSplitBytes().orElse(Long.MAX_VALUE);
    this.limit = limit;
    this.waiting = new WaitingParts();
  }

  private FlatAllocator(FlatAllocator other, long limit, @Nullable FlatAllocator unused) {
    this.grows = other.grows;
    this.maxSplit = other.maxSplit;
    this.limit = limit;
    this.nextAddress = other.nextAddress;
    this.reserved = other.reserved;
    this.mostReserved = other.mostReserved;
    this.mostOfStep = other.mostOfStep;
    this.wanted = other.wanted;
    for (int i = 0; i < pools.length; i++) {
      FlatPool pool = other.pools[i];
      pools[i] = pool == null ? null : pool.copy(unused == null ? null : unused.pools[i]);
    }
    this.waiting = other.waiting.copy();
  }

  /**
   * The same state under another limit, from which it goes on apart from this one.
   *
   * @param other one under which all would have gone the same so far
   * @param unused an allocator that nobody asks any more, whose room is taken; null for new room
   */
  public FlatAllocator copy(long other, @Nullable FlatAllocator unused) {
    return new FlatAllocator(this, other, unused);
  }

  /** The pool from which a block comes. */
  public static int pool(long size, Stream stream) {
    return 2 * stream.ordinal() + (size > CachingAllocator.SMALL ? 1 : 0);
  }

  /** The most that was ever taken from the driver at a time. */
  public long mostReserved() {
    return mostReserved;
  }

  /** The most that was taken from the driver at a time since a step began. */
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

  /**
   * Hands out a part.
   *
   * @param size in bytes, a multiple of {@link CachingAllocator#MIN_BLOCK}
   * @param number of the pool
   * @param forGood whether it is never given back, so that what it is does not matter
   * @return the part, or {@link #OUT_OF_MEMORY}
   */
  public int allocate(long size, int number, boolean forGood) {
    launched(number);
    if (stream(number).isLimited() && waiting.events() >= FreeEvents.IN_FLIGHT) {
      putBackThroughEvent();
    }
    FlatPool pool = pool(number);
    int part = pool.takeFree(size, maxSplit, forGood);
    return part == NONE ? fromDriver(pool, size, forGood) : part;
  }

  /**
   * Whether {@link #play} can go through operations of a pool: where the driver has no end, pools
   * have nothing to do with one another.
   */
  public boolean plays(int number) {
    return limit == Long.MAX_VALUE
        && !grows
        && maxSplit == Long.MAX_VALUE
        && !stream(number).isReadAside();
  }

  /**
   * Goes through operations of a pool alone, as {@link #allocate} and {@link #free} would.
   *
   * @param operations two numbers each: a place, or {@link #FOR_GOOD} or {@link #AT_ONCE}, and the
   *     number of a block that is handed out; or the complement of the place that is given back
   * @param from the first number to be gone through
   * @param to behind the last
   * @param sizes by number of the block
   * @param living by place: parts that are handed out
   * @return the same, or with more places
   */
  public int[] play(int number, int[] operations, int from, int to, long[] sizes, int[] living) {
    return pool(number).play(this, operations, from, to, sizes, living);
  }

  /** Asks the driver, then gives back what is kept, then all of it. */
  private int fromDriver(FlatPool pool, long size, boolean forGood) {
    int part = pool.fromDriver(this, size, maxSplit, forGood);
    if (part == NONE && releaseOversized(pool, size)) {
      part = pool.fromDriver(this, size, maxSplit, forGood);
    }
    if (part == NONE) {
      releaseAll();
      part = pool.fromDriver(this, size, maxSplit, forGood);
    }
    return part;
  }

  /**
   * Whether handing out a part and taking it back at once would leave all as it is: what it is cut
   * from is free and becomes one with it again. Not known of growing segments and of blocks that
   * are not split.
   */
  public boolean hasRoom(long size, int number) {
    if (grows || maxSplit != Long.MAX_VALUE || stream(number).isReadAside()) {
      return false;
    }
    return pool(number).parts.find(size) != NONE;
  }

  /** Takes a part back; it is handed out again when its stream need not wait for another. */
  public void free(int part, int number) {
    Stream stream = stream(number);
    if (stream.isReadAside()) {
      waiting.add(part, number, stream.isLimited());
    } else {
      pool(number).parts.giveBack(part);
    }
  }

  /** As {@link FreeEvents#launched}, for a pool. */
  public void launched(int number) {
    if (stream(number).memory() == Stream.COMPUTE) {
      waiting.launched();
      while (waiting.isPast()) {
        putBack(waiting.remove());
      }
    }
  }

  /** As {@link FreeEvents#reduced}. */
  public void reduced() {
    if (waiting.events() > FreeEvents.REDUCTIONS) {
      putBackThroughEvent();
    }
    waiting.addEvent();
  }

  private static Stream stream(int number) {
    return STREAMS[number >> 1];
  }

  private void putBackThroughEvent() {
    long oldest = waiting.remove();
    while (!WaitingParts.isEvent(oldest)) {
      putBack(oldest);
      oldest = waiting.remove();
    }
    putBack(oldest);
  }

  private void putBack(long waited) {
    if (!WaitingParts.isMark(waited)) {
      giveBack(waited);
    }
  }

  private void giveBack(long waited) {
    pool(WaitingParts.pool(waited)).parts.giveBack(WaitingParts.part(waited));
  }

  private FlatPool pool(int number) {
    int own = 2 * stream(number).memory().ordinal() | number & 1;
    FlatPool pool = pools[own];
    if (pool == null) {
      pool = new FlatPool((own & 1) == 0, grows);
      pools[own] = pool;
    }
    return pool;
  }

  /** Whether the driver gives so many bytes. */
  boolean take(long bytes) {
    if (bytes > limit - reserved) {
      wanted = Math.min(wanted, reserved + bytes);
      return false;
    }
    reserved += bytes;
    mostReserved = Math.max(mostReserved, reserved);
    mostOfStep = Math.max(mostOfStep, reserved);
    return true;
  }

  /** Where a new segment begins, behind all others. */
  long address(long bytes) {
    long address = nextAddress;
    nextAddress += bytes;
    return address;
  }

  /** {@code release_available_cached_blocks}: only blocks that are not split make way for one. */
  private boolean releaseOversized(FlatPool pool, long size) {
    if (maxSplit == Long.MAX_VALUE || grows) {
      return false;
    }
    long enough = Math.max(size, maxSplit);
    int part = pool.parts.find(enough);
    if (part != NONE) {
      return release(pool, part) > 0;
    }
    long released = 0;
    int largest = pool.parts.largest();
    while (released < enough && largest != NONE && pool.parts.bytes[largest] >= maxSplit) {
      released += release(pool, largest);
      largest = pool.parts.largest();
    }
    return released >= enough;
  }

  /** The process waits for all streams: what was freed can be handed out again. */
  public void waitForStreams() {
    while (waiting.size() > 0) {
      putBack(waiting.remove());
    }
  }

  /** {@code release_cached_blocks}: waits for all streams and gives back what is free. */
  private void releaseAll() {
    waitForStreams();
    for (FlatPool pool : pools) {
      if (pool != null) {
        for (int part : pool.parts.allFree()) {
          if (grows) {
            reserved -= pool.unmap(part);
          } else {
            release(pool, part);
          }
        }
      }
    }
  }

  private long release(FlatPool pool, int part) {
    if (!pool.parts.isSegment(part)) {
      return 0;
    }
    long bytes = pool.parts.bytes[part];
    pool.parts.take(part, Parts.USED);
    pool.parts.drop(part);
    reserved -= bytes;
    return bytes;
  }
}
