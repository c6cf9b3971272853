package dev.tunefit.core.memory.allocator;

import java.util.Arrays;
import java.util.List;

/**
 * Free parts of the segments of one stream, all small or all large: {@code BlockPool}. They are
 * kept in the order of best fit, by size and then by address, in arrays: a pool holds few free
 * parts at a time, and most of a replay is spent here.
 */
final class Pool {

  final boolean small;
  private long[] sizes = new long[64];
  private Chunk[] free = new Chunk[64];
  private int count;

  /** Where {@link #smallest} found something, which is what is taken out next as a rule. */
  private int found;

  Pool(boolean small) {
    this.small = small;
  }

  /** The smallest free part of at least this size, null when there is none. */
  Chunk smallest(long size) {
    found = place(size, -1);
    return found < count ? free[found] : null;
  }

  /** The next larger free part, null after the largest. */
  Chunk larger(Chunk chunk) {
    int place = place(chunk.bytes, chunk.address) + 1;
    return place < count ? free[place] : null;
  }

  /** The largest free part, null when nothing is free. */
  Chunk largest() {
    return count == 0 ? null : free[count - 1];
  }

  /** Takes out a free part, before its size changes; one that is not here stays away. */
  void remove(Chunk chunk) {
    boolean isFound = found < count && free[found] == chunk;
    int place = isFound ? found : place(chunk.bytes, chunk.address);
    if (place == count || free[place] != chunk) {
      return;
    }
    int behind = count - place - 1;
    System.arraycopy(sizes, place + 1, sizes, place, behind);
    System.arraycopy(free, place + 1, free, place, behind);
    count--;
    free[count] = null;
  }

  /** Adds a part that has become free, as one with its free neighbours. */
  Chunk add(Chunk chunk) {
    Chunk merged = chunk;
    if (merged.joins(merged.previous)) {
      merged = merged.previous;
      remove(merged);
      merged.absorbNext();
    }
    if (merged.joins(merged.next)) {
      remove(merged.next);
      merged.absorbNext();
    }
    insert(merged);
    return merged;
  }

  /** What is free at this moment. */
  List<Chunk> all() {
    return List.of(Arrays.copyOf(free, count));
  }

  private void insert(Chunk chunk) {
    if (count == free.length) {
      sizes = Arrays.copyOf(sizes, 2 * count);
      free = Arrays.copyOf(free, 2 * count);
    }
    int place = place(chunk.bytes, chunk.address);
    System.arraycopy(sizes, place, sizes, place + 1, count - place);
    System.arraycopy(free, place, free, place + 1, count - place);
    sizes[place] = chunk.bytes;
    free[place] = chunk;
    count++;
  }

  /** Where a part of this size at this address is, or would be. */
  private int place(long size, long address) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long there = sizes[middle];
      if (there < size || there == size && free[middle].address < address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
