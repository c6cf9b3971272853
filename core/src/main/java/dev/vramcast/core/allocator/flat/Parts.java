package dev.vramcast.core.allocator.flat;

import dev.vramcast.core.allocator.CachingAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parts of the segments of a pool: {@code Block} of c10/cuda/CUDACachingAllocator.cpp. A part is an
 * index. Free ones lie in classes of like sizes, of which a bit says whether there are any; those
 * of a class are a ring with its head, the smallest first, of equal ones that at the lowest
 * address: {@code BlockPool}. The first indices are heads.
 */
final class Parts {

  /** No part: the end of a segment. It is the head of a class that no part is of. */
  static final int NONE = 0;

  /** Handed out, or waiting for a stream. */
  static final int USED = -1;

  /** Handed out and never given back: such neighbours are one part. */
  static final int KEPT = -2;

  /** Address space of a growing segment without memory. */
  static final int SPACE = -3;

  /** There are 2 to the power of so many classes between a size and its double. */
  private static final int STEP_BITS = 4;

  private static final int UNIT_BITS = Long.numberOfTrailingZeros(CachingAllocator.MIN_BLOCK);
  private static final int CLASSES = sizeClass(Long.MAX_VALUE) + 1;
  private static final int WORDS = (CLASSES + Long.SIZE - 1) / Long.SIZE;

  long[] address;
  long[] bytes;
  int[] previous;
  int[] next;

  /** The class in which a part is free, or what else it is. */
  int[] kind;

  private int[] smaller;
  private int[] larger;
  private int size;

  /** Indices that are no parts any more. */
  private int[] spare;

  private int spares;

  /** By class: whether there is a part, 64 to a word; and whether a word has any. */
  private final long[] any;

  private long anyWords;

  /** None. */
  Parts() {
    int length = CLASSES + 128;
    address = new long[length];
    bytes = new long[length];
    previous = new int[length];
    next = new int[length];
    kind = new int[length];
    smaller = new int[length];
    larger = new int[length];
    spare = new int[64];
    any = new long[WORDS];
    size = CLASSES;
    kind[NONE] = USED;
    for (int i = 0; i < CLASSES; i++) {
      smaller[i] = i;
      larger[i] = i;
    }
  }

  /** Copied arrays need not be filled with zeros first, as new ones are. */
  private Parts(Parts other) {
    int length = other.size + other.size / 8;
    address = Arrays.copyOf(other.address, length);
    bytes = Arrays.copyOf(other.bytes, length);
    previous = Arrays.copyOf(other.previous, length);
    next = Arrays.copyOf(other.next, length);
    kind = Arrays.copyOf(other.kind, length);
    smaller = Arrays.copyOf(other.smaller, length);
    larger = Arrays.copyOf(other.larger, length);
    size = other.size;
    spare = other.spare.clone();
    spares = other.spares;
    any = other.any.clone();
    anyWords = other.anyWords;
  }

  /**
   * The same parts, which change apart from these.
   *
   * @param unused parts that nobody needs any more, in whose place they are put if there is room;
   *     null where there are none
   */
  Parts copy(@Nullable Parts unused) {
    if (unused == null || !unused.hasRoom(this)) {
      return new Parts(this);
    }
    unused.become(this);
    return unused;
  }

  private boolean hasRoom(Parts other) {
    return bytes.length >= other.size && spare.length >= other.spares;
  }

  /** What lies behind the last part is never read before it is written. */
  private void become(Parts other) {
    size = other.size;
    spares = other.spares;
    anyWords = other.anyWords;
    System.arraycopy(other.any, 0, any, 0, WORDS);
    System.arraycopy(other.spare, 0, spare, 0, spares);
    System.arraycopy(other.address, 0, address, 0, size);
    System.arraycopy(other.bytes, 0, bytes, 0, size);
    System.arraycopy(other.previous, 0, previous, 0, size);
    System.arraycopy(other.next, 0, next, 0, size);
    System.arraycopy(other.kind, 0, kind, 0, size);
    System.arraycopy(other.smaller, 0, smaller, 0, size);
    System.arraycopy(other.larger, 0, larger, 0, size);
  }

  private static int sizeClass(long size) {
    long units = size >>> UNIT_BITS;
    int shift = Math.max(0, Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(units));
    return (shift << STEP_BITS) + (int) (units >>> shift);
  }

  /** A part without neighbours, which is not free. */
  int add(long start, long length, int what) {
    int part = index();
    address[part] = start;
    bytes[part] = length;
    previous[part] = NONE;
    next[part] = NONE;
    kind[part] = what;
    return part;
  }

  private int index() {
    if (spares > 0) {
      spares--;
      return spare[spares];
    }
    if (size == bytes.length) {
      widen();
    }
    return size++;
  }

  private void widen() {
    int length = 2 * bytes.length;
    address = Arrays.copyOf(address, length);
    bytes = Arrays.copyOf(bytes, length);
    previous = Arrays.copyOf(previous, length);
    next = Arrays.copyOf(next, length);
    kind = Arrays.copyOf(kind, length);
    smaller = Arrays.copyOf(smaller, length);
    larger = Arrays.copyOf(larger, length);
  }

  /** Forgets a part that has become one with another, or was given back. */
  void drop(int part) {
    if (spares == spare.length) {
      spare = Arrays.copyOf(spare, 2 * spares);
    }
    spare[spares] = part;
    spares++;
  }

  /** Whether it is a whole segment. */
  boolean isSegment(int part) {
    return previous[part] == NONE && next[part] == NONE;
  }

  /** Whether a part is free; {@link #NONE} is not. */
  boolean isFree(int part) {
    return kind[part] >= 0;
  }

  /** Whether a part is of the address space without memory. */
  boolean isSpace(int part) {
    return kind[part] == SPACE;
  }

  /**
   * Cuts the first bytes off a part that is not free, which keeps the rest.
   *
   * @return what is cut off
   */
  int cutFront(int part, long length, int what) {
    int front = add(address[part], length, what);
    int before = previous[part];
    previous[front] = before;
    next[front] = part;
    next[before] = front;
    previous[part] = front;
    shrinkFront(part, length);
    return front;
  }

  /** Moves the begin of a part up that is not free. */
  void shrinkFront(int part, long length) {
    address[part] += length;
    bytes[part] -= length;
  }

  /** Makes a part, which is not free, one with that before, which keeps its index. */
  void absorb(int before, int part) {
    bytes[before] += bytes[part];
    int after = next[part];
    next[before] = after;
    previous[after] = before;
    drop(part);
  }

  /**
   * The smallest free part that is not smaller than this, of equal ones the one with the lowest
   * address; {@link #NONE} if there is none.
   */
  int find(long length) {
    int own = sizeClass(length);
    for (int part = larger[own]; part != own; part = larger[part]) {
      if (bytes[part] >= length) {
        return part;
      }
    }
    return firstFrom(own + 1);
  }

  /** The smallest part of this class and those above. */
  private int firstFrom(int first) {
    int word = first >>> 6;
    if (word == WORDS) {
      return NONE;
    }
    long here = any[word] & -1L << first;
    if (here == 0) {
      long above = anyWords & -2L << word;
      if (above == 0) {
        return NONE;
      }
      word = Long.numberOfTrailingZeros(above);
      here = any[word];
    }
    return larger[(word << 6) + Long.numberOfTrailingZeros(here)];
  }

  /** The next larger free part, {@link #NONE} after the largest. */
  int larger(int part) {
    int following = larger[part];
    return following < CLASSES ? firstFrom(following + 1) : following;
  }

  /** The largest free part, {@link #NONE} when nothing is free. */
  int largest() {
    if (anyWords == 0) {
      return NONE;
    }
    int word = Long.SIZE - 1 - Long.numberOfLeadingZeros(anyWords);
    return smaller[(word << 6) + Long.SIZE - 1 - Long.numberOfLeadingZeros(any[word])];
  }

  /** What is free at this moment. */
  int[] allFree() {
    int[] all = new int[16];
    int count = 0;
    for (int part = firstFrom(0); part != NONE; part = larger(part)) {
      if (count == all.length) {
        all = Arrays.copyOf(all, 2 * count);
      }
      all[count] = part;
      count++;
    }
    return Arrays.copyOf(all, count);
  }

  /** Frees a part, as one with its free neighbours; returns that. */
  int giveBack(int part) {
    int before = previous[part];
    int after = next[part];
    int whole = part;
    if (kind[after] >= 0) {
      take(after, USED);
      absorb(part, after);
    }
    if (kind[before] >= 0) {
      take(before, USED);
      absorb(before, part);
      whole = before;
    }
    free(whole);
    return whole;
  }

  /** Frees a part that has no free neighbours. */
  void free(int part) {
    long length = bytes[part];
    int own = sizeClass(length);
    kind[part] = own;
    int after = larger[own];
    if (after == own) {
      any[own >>> 6] |= 1L << own;
      anyWords |= 1L << (own >>> 6);
    } else {
      after = follower(part, own);
    }
    int before = smaller[after];
    larger[before] = part;
    smaller[part] = before;
    larger[part] = after;
    smaller[after] = part;
  }

  /** What comes behind a part in the ring of a class; searched from both ends at a time. */
  private int follower(int part, int own) {
    int up = larger[own];
    int down = smaller[own];
    while (precedes(up, part)) {
      if (precedes(down, part)) {
        return larger[down];
      }
      up = larger[up];
      down = smaller[down];
    }
    return up;
  }

  private boolean precedes(int part, int other) {
    long length = bytes[part];
    long otherLength = bytes[other];
    return length < otherLength || length == otherLength && address[part] < address[other];
  }

  /** Takes a free part out of its class, before its size changes. */
  void take(int part, int what) {
    int after = larger[part];
    int before = smaller[part];
    larger[before] = after;
    smaller[after] = before;
    kind[part] = what;
    if (before == after && after < CLASSES) {
      int word = after >>> 6;
      any[word] &= ~(1L << after);
      if (any[word] == 0) {
        anyWords &= ~(1L << word);
      }
    }
  }
}
