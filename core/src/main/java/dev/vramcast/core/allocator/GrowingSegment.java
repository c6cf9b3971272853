package dev.vramcast.core.allocator;

import java.util.Comparator;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code ExpandableSegment}: address space for more than the card holds, in which memory is mapped
 * and unmapped by pages. Everything in a pool lies in one such segment.
 */
final class GrowingSegment {

  private final Pool pool;
  private final long page;

  /** Free address space without memory behind it, by address; the last has no end. */
  private final TreeSet<Chunk> spaces =
      new TreeSet<>(Comparator.<Chunk>comparingLong(c -> c.address));

  /** A segment without memory. */
  GrowingSegment(Pool pool, long page) {
    this.pool = pool;
    this.page = page;
    spaces.add(new Chunk(pool, 0, Long.MAX_VALUE / 2 / page * page, false));
  }

  /** {@code find_expandable_block}: the lowest place that can grow to a size. */
  private Chunk place(long size) {
    for (Chunk space : spaces) {
      Chunk before = space.previous;
      Chunk start = before == null || before.used ? space : before;
      long room = 0;
      for (Chunk c = start; c != null && !c.used && room < size; c = c.next) {
        room += c.bytes;
      }
      if (room >= size) {
        return start;
      }
    }
    throw new IllegalStateException("the last space has no end");
  }

  /**
   * {@code try_allocate_expandable_block}: maps what is missing, gap by gap; the part is free in
   * the pool. Null when the driver refuses a gap; those before it stay mapped.
   *
   * @param driver gives so many bytes, or refuses
   */
  @Nullable Chunk grow(long size, LongPredicate driver) {
    Chunk chunk = place(size);
    if (!chunk.mapped) {
      chunk = map(chunk, size, driver);
    }
    while (chunk != null && chunk.bytes < size) {
      chunk = map(Objects.requireNonNull(chunk.next), size - chunk.bytes, driver);
    }
    return chunk;
  }

  /** {@code map_block}; null when the driver refuses. */
  private @Nullable Chunk map(Chunk space, long size, LongPredicate driver) {
    long bytes = Math.min(space.bytes, pages(size));
    if (!driver.test(bytes)) {
      return null;
    }
    spaces.remove(space);
    if (bytes < space.bytes) {
      spaces.add(space.split(bytes));
    }
    return pool.add(space.switchedTo(true));
  }

  /** {@code unmap_block}: gives back the whole pages of a free part; returns how many bytes. */
  long unmap(Chunk chunk) {
    long begin = pages(chunk.address);
    long end = (chunk.address + chunk.bytes) / page * page;
    if (begin >= end) {
      return 0;
    }
    pool.remove(chunk);
    Chunk before = begin > chunk.address ? chunk : null;
    Chunk middle = before == null ? chunk : chunk.split(begin - chunk.address);
    Chunk after = end < middle.address + middle.bytes ? middle.split(end - middle.address) : null;
    addSpace(middle.switchedTo(false));
    if (before != null) {
      pool.add(before);
    }
    if (after != null) {
      pool.add(after);
    }
    return end - begin;
  }

  private void addSpace(Chunk space) {
    Chunk merged = space;
    Chunk before = space.previous;
    if (before != null && space.joins(before)) {
      before.absorb(space);
      merged = before;
    } else {
      spaces.add(space);
    }
    Chunk after = merged.next;
    if (after != null && merged.joins(after)) {
      spaces.remove(after);
      merged.absorb(after);
    }
  }

  private long pages(long bytes) {
    return (bytes + page - 1) / page * page;
  }
}
