package dev.vramcast.core.allocator;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Free parts of the segments of one stream, all small or all large: {@code BlockPool}. They are in
 * the order of best fit, by size and then by address. Many have the same size, so those of a size
 * stand together, and what is searched are the few sizes.
 */
final class Pool {

  final boolean small;
  private long[] sizes = new long[64];
  private EqualChunks[] free = new EqualChunks[64];
  private int count;

  Pool(boolean small) {
    this.small = small;
  }

  /** The smallest free part of at least this size, null when there is none. */
  @Nullable Chunk smallest(long size) {
    int place = place(size);
    return place < count ? free[place].first() : null;
  }

  /** The next larger free part, null after the largest. */
  @Nullable Chunk larger(Chunk chunk) {
    int place = place(chunk.bytes);
    Chunk next = free[place].after(chunk);
    if (next == null && place + 1 < count) {
      return free[place + 1].first();
    }
    return next;
  }

  /** The largest free part, null when nothing is free. */
  @Nullable Chunk largest() {
    return count == 0 ? null : free[count - 1].last();
  }

  /** Takes out a free part, before its size changes; one that is not here stays away. */
  void remove(Chunk chunk) {
    int place = place(chunk.bytes);
    if (place == count || sizes[place] != chunk.bytes || !free[place].remove(chunk)) {
      return;
    }
    if (free[place].isEmpty()) {
      EqualChunks spare = free[place];
      int behind = count - place - 1;
      System.arraycopy(sizes, place + 1, sizes, place, behind);
      System.arraycopy(free, place + 1, free, place, behind);
      count--;
      free[count] = spare;
    }
  }

  /** Adds a part that has become free, as one with its free neighbours. */
  Chunk add(Chunk chunk) {
    Chunk merged = chunk;
    Chunk before = chunk.previous;
    if (before != null && chunk.joins(before)) {
      remove(before);
      before.absorb(chunk);
      merged = before;
    }
    Chunk after = merged.next;
    if (after != null && merged.joins(after)) {
      remove(after);
      merged.absorb(after);
    }
    insert(merged);
    return merged;
  }

  /** What is free at this moment. */
  List<Chunk> all() {
    Chunk[] all = new Chunk[Arrays.stream(free, 0, count).mapToInt(EqualChunks::size).sum()];
    int size = 0;
    for (int i = 0; i < count; i++) {
      size = free[i].copyTo(all, size);
    }
    return List.of(all);
  }

  private void insert(Chunk chunk) {
    int place = place(chunk.bytes);
    if (place == count || sizes[place] != chunk.bytes) {
      makeRoom(place, chunk.bytes);
    }
    free[place].add(chunk);
  }

  /** A size that was not there; the array keeps what is empty for the next one. */
  private void makeRoom(int place, long size) {
    if (count == free.length) {
      sizes = Arrays.copyOf(sizes, 2 * count);
      free = Arrays.copyOf(free, 2 * count);
    }
    EqualChunks spare = free[count] == null ? new EqualChunks() : free[count];
    System.arraycopy(sizes, place, sizes, place + 1, count - place);
    System.arraycopy(free, place, free, place + 1, count - place);
    sizes[place] = size;
    free[place] = spare;
    count++;
  }

  /** Where parts of this size are, or would be. */
  private int place(long size) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sizes[middle] < size) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
