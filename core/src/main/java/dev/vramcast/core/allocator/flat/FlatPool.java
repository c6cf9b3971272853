package dev.vramcast.core.allocator.flat;

import static dev.vramcast.core.allocator.CachingAllocator.LARGE_SEGMENT;
import static dev.vramcast.core.allocator.CachingAllocator.MIN_BLOCK;
import static dev.vramcast.core.allocator.CachingAllocator.MIN_LARGE;
import static dev.vramcast.core.allocator.CachingAllocator.ROUND_LARGE;
import static dev.vramcast.core.allocator.CachingAllocator.SMALL;
import static dev.vramcast.core.allocator.CachingAllocator.SMALL_SEGMENT;
import static dev.vramcast.core.allocator.CachingAllocator.UNSPLIT_REST;
import static dev.vramcast.core.allocator.flat.Parts.KEPT;
import static dev.vramcast.core.allocator.flat.Parts.NONE;
import static dev.vramcast.core.allocator.flat.Parts.USED;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The small or the large parts of one stream. */
final class FlatPool {

  final Parts parts;
  private final boolean small;

  /** The least that is cut off a part where any may be split. */
  private final long leastRest;

  /** Null where segments do not grow. */
  private final @Nullable GrowingParts growing;

  FlatPool(boolean small, boolean grows) {
    this.parts = new Parts();
    this.small = small;
    this.leastRest = small ? MIN_BLOCK : SMALL + 1;
    this.growing = grows ? new GrowingParts(parts, small ? SMALL_SEGMENT : LARGE_SEGMENT) : null;
  }

  private FlatPool(FlatPool other, @Nullable FlatPool unused) {
    this.parts = other.parts.copy(unused == null ? null : unused.parts);
    this.small = other.small;
    this.leastRest = other.leastRest;
    this.growing = other.growing == null ? null : other.growing.copy(parts);
  }

  /** As {@link Parts#copy}; a pool that gave its room is not used any more. */
  FlatPool copy(@Nullable FlatPool unused) {
    return new FlatPool(this, unused);
  }

  /** {@code get_free_block}; {@link Parts#NONE} when none is large enough. */
  int takeFree(long size, long maxSplit, boolean forGood) {
    int part = parts.find(size);
    if (part == NONE) {
      return NONE;
    }
    if (growing != null) {
      part = leastGrowing(part);
    }
    if (tooLarge(parts.bytes[part], size, maxSplit)) {
      return NONE;
    }
    parts.take(part, USED);
    return growing != null ? cutGrowing(part, size) : cut(part, size, maxSplit, forGood);
  }

  /**
   * Goes through operations of this pool alone, where the driver refuses nothing, segments do not
   * grow, and no part is too large to be split: {@link FlatAllocator#play}.
   */
  int[] play(FlatAllocator driver, int[] operations, int from, int to, long[] sizes, int[] living) {
    int[] handedOut = living;
    for (int i = from; i < to; i += 2) {
      int place = operations[i];
      if (place < 0) {
        parts.giveBack(handedOut[~place]);
      } else if (place < FlatAllocator.FOR_GOOD) {
        if (place >= handedOut.length) {
          handedOut = Arrays.copyOf(handedOut, Math.max(256, 2 * place));
        }
        handedOut[place] = part(driver, sizes[operations[i + 1]]);
      } else {
        pass(driver, place, sizes[operations[i + 1]]);
      }
    }
    return handedOut;
  }

  private int part(FlatAllocator driver, long size) {
    int part = parts.find(size);
    if (part == NONE) {
      part = segment(driver, size);
    } else {
      parts.take(part, USED);
    }
    if (parts.bytes[part] - size < leastRest) {
      return part;
    }
    int front = parts.cutFront(part, size, USED);
    parts.free(part);
    return front;
  }

  private void pass(FlatAllocator driver, int place, long size) {
    if (place == FlatAllocator.FOR_GOOD) {
      keep(part(driver, size));
    } else if (parts.find(size) == NONE) {
      parts.giveBack(part(driver, size));
    }
  }

  private int segment(FlatAllocator driver, long size) {
    long bytes = segment(size);
    if (!driver.take(bytes)) {
      throw new IllegalStateException("the driver refuses " + bytes + " bytes");
    }
    return parts.add(driver.address(bytes), bytes, USED);
  }

  private static boolean tooLarge(long bytes, long size, long maxSplit) {
    return size < maxSplit ? bytes >= maxSplit : bytes - size >= UNSPLIT_REST;
  }

  private boolean splits(long rest, long size, long maxSplit) {
    return small ? rest >= MIN_BLOCK : rest > SMALL && size < maxSplit;
  }

  /** Cuts what is asked for off a part that is not free, and frees the rest. */
  private int cut(int part, long size, long maxSplit, boolean forGood) {
    int front = part;
    if (splits(parts.bytes[part] - size, size, maxSplit)) {
      int before = parts.previous[part];
      if (forGood && parts.kind[before] == KEPT) {
        parts.shrinkFront(part, size);
        parts.bytes[before] += size;
        parts.free(part);
        return before;
      }
      front = parts.cutFront(part, size, USED);
      parts.free(part);
    }
    return forGood ? keep(front) : front;
  }

  private int keep(int part) {
    parts.kind[part] = KEPT;
    int before = parts.previous[part];
    if (parts.kind[before] != KEPT) {
      return part;
    }
    parts.absorb(before, part);
    return before;
  }

  private int cutGrowing(int part, long size) {
    if (parts.bytes[part] - size < MIN_BLOCK) {
      return part;
    }
    int front = parts.cutFront(part, size, USED);
    parts.free(part);
    return front;
  }

  /** The part at the growing end counts as what it can grow to, so that it is used last. */
  private int leastGrowing(int smallest) {
    int part = smallest;
    int next = parts.larger(part);
    while (next != NONE && growsTo(next) < growsTo(part)) {
      part = next;
      next = parts.larger(next);
    }
    return part;
  }

  /** What a part can grow to without moving: itself and the address space behind it. */
  private long growsTo(int part) {
    int next = parts.next[part];
    return parts.isSpace(next) ? parts.bytes[part] + parts.bytes[next] : parts.bytes[part];
  }

  /**
   * {@code alloc_block}: a part of new memory; {@link Parts#NONE} when the driver has too little.
   */
  int fromDriver(FlatAllocator driver, long size, long maxSplit, boolean forGood) {
    if (growing != null) {
      int grown = growing.grow(size, driver);
      if (grown != NONE) {
        parts.take(grown, USED);
      }
      return grown == NONE ? NONE : cutGrowing(grown, size);
    }
    long bytes = segment(size);
    if (!driver.take(bytes)) {
      return NONE;
    }
    return cut(parts.add(driver.address(bytes), bytes, USED), size, maxSplit, forGood);
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
