package dev.vramcast.core.allocator.flat;

import static dev.vramcast.core.allocator.flat.Parts.NONE;

import dev.vramcast.core.allocator.CachingAllocator;
import java.util.Arrays;

/**
 * Free parts of the segments of one stream, all small or all large, in the order of best fit:
 * {@code BlockPool}. They lie in classes of like sizes, of which a bit says whether there are any;
 * those of a class are linked by size, then address.
 */
final class FreeParts {

  /** There are 2 to the power of so many classes between a size and its double. */
  private static final int STEP_BITS = 5;

  private static final int UNIT_BITS = Long.numberOfTrailingZeros(CachingAllocator.MIN_BLOCK);
  private static final int CLASSES = sizeClass(Long.MAX_VALUE) + 1;
  private static final int WORDS = (CLASSES + Long.SIZE - 1) / Long.SIZE;

  private final Parts parts;

  /** By class: the smallest part, {@link Parts#NONE} where there is none. */
  private final int[] first;

  /** By class: the largest part, where there is one. */
  private final int[] last;

  /** By class: whether there is a part, 64 to a word; and whether a word has any. */
  private final long[] any;

  private long anyWords;

  FreeParts(Parts parts) {
    this.parts = parts;
    this.first = new int[CLASSES];
    this.last = new int[CLASSES];
    this.any = new long[WORDS];
    Arrays.fill(first, NONE);
  }

  private FreeParts(FreeParts other, Parts parts) {
    this.parts = parts;
    this.first = other.first.clone();
    this.last = other.last.clone();
    this.any = other.any.clone();
    this.anyWords = other.anyWords;
  }

  /** As many parts in the same order, of a copy of the parts. */
  FreeParts copy(Parts copied) {
    return new FreeParts(this, copied);
  }

  private static int sizeClass(long size) {
    long units = size >>> UNIT_BITS;
    int shift = Math.max(0, Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(units));
    return (shift << STEP_BITS) + (int) (units >>> shift);
  }

  /**
   * The smallest part that is not smaller than this, of equal ones the one with the lowest address;
   * {@link Parts#NONE} if there is none.
   */
  int find(long size) {
    int kind = sizeClass(size);
    long[] bytes = parts.bytes;
    for (int part = first[kind]; part != NONE; part = parts.larger[part]) {
      if (bytes[part] >= size) {
        return part;
      }
    }
    return firstFrom(kind + 1);
  }

  /** The smallest part of this class and those above. */
  private int firstFrom(int kind) {
    int word = kind >>> 6;
    if (word == WORDS) {
      return NONE;
    }
    long here = any[word] & -1L << kind;
    if (here == 0) {
      long above = anyWords & -2L << word;
      if (above == 0) {
        return NONE;
      }
      word = Long.numberOfTrailingZeros(above);
      here = any[word];
    }
    return first[(word << 6) + Long.numberOfTrailingZeros(here)];
  }

  /** The next larger free part, {@link Parts#NONE} after the largest. */
  int larger(int part) {
    int next = parts.larger[part];
    return next == NONE ? firstFrom(sizeClass(parts.bytes[part]) + 1) : next;
  }

  /** The largest free part, {@link Parts#NONE} when nothing is free. */
  int largest() {
    if (anyWords == 0) {
      return NONE;
    }
    int word = Long.SIZE - 1 - Long.numberOfLeadingZeros(anyWords);
    return last[(word << 6) + Long.SIZE - 1 - Long.numberOfLeadingZeros(any[word])];
  }

  /** What is free at this moment. */
  int[] all() {
    int[] all = new int[16];
    int size = 0;
    for (int part = firstFrom(0); part != NONE; part = larger(part)) {
      if (size == all.length) {
        all = Arrays.copyOf(all, 2 * size);
      }
      all[size] = part;
      size++;
    }
    return Arrays.copyOf(all, size);
  }

  /** Adds a part that was not free, as one with its free neighbours; returns that. */
  int giveBack(int part) {
    int before = parts.previous[part];
    int after = parts.next[part];
    if (parts.is(after, Parts.FREE)) {
      if (!parts.is(before, Parts.FREE)) {
        int kind = sizeClass(parts.bytes[after]);
        parts.absorbPrevious(after);
        move(after, kind);
        return after;
      }
      remove(after);
      parts.absorbNext(part);
    }
    if (parts.is(before, Parts.FREE)) {
      int kind = sizeClass(parts.bytes[before]);
      parts.absorbNext(before);
      move(before, kind);
      return before;
    }
    parts.state[part] = Parts.FREE;
    add(part);
    return part;
  }

  /**
   * Cuts the front off a part.
   *
   * @return what is cut off, which is used
   */
  int cut(int part, long length) {
    int kind = sizeClass(parts.bytes[part]);
    int front = parts.cutFront(part, length, Parts.USED);
    move(part, kind);
    return front;
  }

  /** As {@link #cut}, as one with the used part before, when nobody gives back either. */
  void cutForGood(int part, long length, int before) {
    int kind = sizeClass(parts.bytes[part]);
    parts.shrinkFront(part, length);
    parts.bytes[before] += length;
    move(part, kind);
  }

  /** Adds a part without free neighbours. */
  void add(int part) {
    add(part, sizeClass(parts.bytes[part]));
  }

  private void add(int part, int kind) {
    if (first[kind] == NONE) {
      any[kind >>> 6] |= 1L << kind;
      anyWords |= 1L << (kind >>> 6);
      link(NONE, part, NONE, kind);
    } else {
      int after = follower(part, kind);
      link(after == NONE ? last[kind] : parts.smaller[after], part, after, kind);
    }
  }

  /** The part of a class that comes behind one; searched from both ends at a time. */
  private int follower(int part, int kind) {
    int up = first[kind];
    int down = last[kind];
    int after = NONE;
    while (precedes(up, part)) {
      if (precedes(down, part)) {
        return after;
      }
      after = down;
      up = parts.larger[up];
      down = parts.smaller[down];
    }
    return up;
  }

  private void link(int before, int part, int after, int kind) {
    parts.smaller[part] = before;
    parts.larger[part] = after;
    if (before == NONE) {
      first[kind] = part;
    } else {
      parts.larger[before] = part;
    }
    if (after == NONE) {
      last[kind] = part;
    } else {
      parts.smaller[after] = part;
    }
  }

  /** Takes out a part, before its size changes. */
  void remove(int part) {
    remove(part, sizeClass(parts.bytes[part]));
  }

  private void remove(int part, int kind) {
    int before = parts.smaller[part];
    int after = parts.larger[part];
    if (before == NONE) {
      first[kind] = after;
    } else {
      parts.larger[before] = after;
    }
    if (after == NONE) {
      last[kind] = before;
    } else {
      parts.smaller[after] = before;
    }
    if (first[kind] == NONE) {
      any[kind >>> 6] &= ~(1L << kind);
      if (any[kind >>> 6] == 0) {
        anyWords &= ~(1L << (kind >>> 6));
      }
    }
  }

  /** Puts a part in its place, which has another size than when it was put into a class. */
  private void move(int part, int from) {
    int kind = sizeClass(parts.bytes[part]);
    int before = parts.smaller[part];
    int after = parts.larger[part];
    if (kind != from
        || before != NONE && !precedes(before, part)
        || after != NONE && !precedes(part, after)) {
      remove(part, from);
      add(part, kind);
    }
  }

  private boolean precedes(int part, int other) {
    long size = parts.bytes[part];
    long otherSize = parts.bytes[other];
    return size < otherSize || size == otherSize && parts.address[part] < parts.address[other];
  }
}
