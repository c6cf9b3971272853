package dev.vramcast.core.allocator.flat;

import static dev.vramcast.core.allocator.CachingAllocator.LARGE_SEGMENT;
import static dev.vramcast.core.allocator.CachingAllocator.MIN_BLOCK;
import static dev.vramcast.core.allocator.CachingAllocator.MIN_LARGE;
import static dev.vramcast.core.allocator.CachingAllocator.ROUND_LARGE;
import static dev.vramcast.core.allocator.CachingAllocator.SMALL;
import static dev.vramcast.core.allocator.CachingAllocator.SMALL_SEGMENT;
import static dev.vramcast.core.allocator.CachingAllocator.UNSPLIT_REST;
import static dev.vramcast.core.allocator.flat.Parts.FREE;
import static dev.vramcast.core.allocator.flat.Parts.KEPT;
import static dev.vramcast.core.allocator.flat.Parts.NONE;
import static dev.vramcast.core.allocator.flat.Parts.USED;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The small or the large parts of one stream. */
final class FlatPool {

  final FreeParts free;
  private final Parts parts;
  private final boolean small;

  /** Null where segments do not grow. */
  private final @Nullable GrowingParts growing;

  FlatPool(Parts parts, boolean small, boolean grows) {
    this.parts = parts;
    this.small = small;
    this.free = new FreeParts(parts);
    this.growing =
        grows ? new GrowingParts(parts, free, small ? SMALL_SEGMENT : LARGE_SEGMENT) : null;
  }

  private FlatPool(FlatPool other, Parts parts) {
    this.parts = parts;
    this.small = other.small;
    this.free = other.free.copy(parts);
    this.growing = other.growing == null ? null : other.growing.copy(parts, free);
  }

  FlatPool copy(Parts copied) {
    return new FlatPool(this, copied);
  }

  /** {@code get_free_block}; {@link Parts#NONE} when none is large enough. */
  int takeFree(long size, long maxSplit, boolean forGood) {
    int part = free.find(size);
    if (part == NONE) {
      return NONE;
    }
    if (growing != null) {
      part = leastGrowing(part);
      return tooLarge(parts.bytes[part], size, maxSplit) ? NONE : takeGrowing(part, size);
    }
    if (tooLarge(parts.bytes[part], size, maxSplit)) {
      return NONE;
    }
    return splits(parts.bytes[part] - size, size, maxSplit)
        ? cut(part, size, forGood)
        : takeWhole(part, forGood);
  }

  private static boolean tooLarge(long bytes, long size, long maxSplit) {
    return size < maxSplit ? bytes >= maxSplit : bytes - size >= UNSPLIT_REST;
  }

  private boolean splits(long rest, long size, long maxSplit) {
    return small ? rest >= MIN_BLOCK : rest > SMALL && size < maxSplit;
  }

  private int cut(int part, long size, boolean forGood) {
    if (!forGood) {
      return free.cut(part, size);
    }
    int before = parts.previous[part];
    if (parts.is(before, KEPT)) {
      free.cutForGood(part, size, before);
      return before;
    }
    int front = free.cut(part, size);
    parts.state[front] = KEPT;
    return front;
  }

  private int takeWhole(int part, boolean forGood) {
    free.remove(part);
    parts.state[part] = USED;
    if (forGood) {
      parts.state[part] = KEPT;
      if (parts.is(parts.previous[part], KEPT)) {
        parts.absorbPrevious(part);
      }
    }
    return part;
  }

  private int takeGrowing(int part, long size) {
    free.remove(part);
    if (parts.bytes[part] - size < MIN_BLOCK) {
      parts.state[part] = USED;
      return part;
    }
    int front = parts.cutFront(part, size, USED);
    free.add(part);
    return front;
  }

  /** The part at the growing end counts as what it can grow to, so that it is used last. */
  private int leastGrowing(int smallest) {
    int part = smallest;
    int next = free.larger(part);
    while (next != NONE && growsTo(next) < growsTo(part)) {
      part = next;
      next = free.larger(next);
    }
    return part;
  }

  /** What a part can grow to without moving: itself and the address space behind it. */
  private long growsTo(int part) {
    int next = parts.next[part];
    return parts.is(next, Parts.SPACE) ? parts.bytes[part] + parts.bytes[next] : parts.bytes[part];
  }

  /**
   * {@code alloc_block}: a part of new memory; {@link Parts#NONE} when the driver has too little.
   */
  int fromDriver(FlatAllocator driver, long size, long maxSplit, boolean forGood) {
    if (growing != null) {
      int grown = growing.grow(size, driver);
      return grown == NONE ? NONE : takeGrowing(grown, size);
    }
    long bytes = segment(size);
    if (!driver.take(bytes)) {
      return NONE;
    }
    int segment = parts.add(driver.address(bytes), bytes, USED);
    int part = segment;
    if (splits(bytes - size, size, maxSplit)) {
      part = parts.cutFront(segment, size, USED);
      parts.state[segment] = FREE;
      free.add(segment);
    }
    parts.state[part] = forGood ? KEPT : USED;
    return part;
  }

  private long segment(long size) {
    if (small) {
      return SMALL_SEGMENT;
    }
    return size < MIN_LARGE ? LARGE_SEGMENT : (size + ROUND_LARGE - 1) / ROUND_LARGE * ROUND_LARGE;
  }

  /** {@code unmap_block}, where segments grow; returns how many bytes. */
  long unmap(int part) {
    return Objects.requireNonNull(growing).unmap(part);
  }
}
