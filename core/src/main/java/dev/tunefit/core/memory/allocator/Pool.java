package dev.tunefit.core.memory.allocator;

import java.util.List;
import java.util.TreeSet;

/** Free parts of the segments of one stream, all small or all large: {@code BlockPool}. */
final class Pool {

  final boolean small;
  private final TreeSet<Chunk> free = new TreeSet<>(Pool::bestFit);

  Pool(boolean small) {
    this.small = small;
  }

  /** Written out, since most of a replay is spent on it. */
  private static int bestFit(Chunk a, Chunk b) {
    return a.bytes != b.bytes ? Long.compare(a.bytes, b.bytes) : Long.compare(a.address, b.address);
  }

  /** The smallest free part of at least this size, null when there is none. */
  Chunk smallest(long size) {
    return free.ceiling(new Chunk(this, -1, size, true));
  }

  /** The next larger free part, null after the largest. */
  Chunk larger(Chunk chunk) {
    return free.higher(chunk);
  }

  /** The largest free part, null when nothing is free. */
  Chunk largest() {
    return free.isEmpty() ? null : free.last();
  }

  void remove(Chunk chunk) {
    free.remove(chunk);
  }

  /** Adds a part that has become free, as one with its free neighbours. */
  Chunk add(Chunk chunk) {
    Chunk merged = chunk;
    if (merged.joins(merged.previous)) {
      merged = merged.previous;
      free.remove(merged);
      merged.absorbNext();
    }
    if (merged.joins(merged.next)) {
      free.remove(merged.next);
      merged.absorbNext();
    }
    free.add(merged);
    return merged;
  }

  /** What is free at this moment. */
  List<Chunk> all() {
    return List.copyOf(free);
  }
}
