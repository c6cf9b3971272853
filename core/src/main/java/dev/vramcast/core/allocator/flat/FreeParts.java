package dev.vramcast.core.allocator.flat;

import java.util.Arrays;

/**
 * Free parts of the segments of one stream, all small or all large, in the order of best fit:
 * {@code BlockPool}. A size of which there is one part holds it; others hold a list.
 */
final class FreeParts {

  private final Parts parts;
  private long[] sizes = new long[32];

  /** A part, or the complement of the index of a list. */
  private int[] entries = new int[32];

  private int count;
  private EqualParts[] lists = new EqualParts[0];

  /** Indices of lists that are not used. */
  private int[] spareLists = new int[0];

  private int spares;

  FreeParts(Parts parts) {
    this.parts = parts;
  }

  /** As many parts in the same order, of a copy of the parts. */
  FreeParts copy(Parts copied) {
    FreeParts other = new FreeParts(copied);
    other.sizes = sizes.clone();
    other.entries = entries.clone();
    other.count = count;
    other.lists = new EqualParts[lists.length];
    Arrays.setAll(other.lists, i -> lists[i].copy());
    other.spareLists = spareLists.clone();
    other.spares = spares;
    return other;
  }

  /**
   * The place of the smallest size that is not less than this; {@link #places} if there is none.
   */
  int place(long size) {
    int low = 0;
    int length = count;
    while (length > 1) {
      int half = length >>> 1;
      low = sizes[low + half - 1] < size ? low + half : low;
      length -= half;
    }
    return length == 1 && sizes[low] < size ? low + 1 : low;
  }

  /** How many sizes there are. */
  int places() {
    return count;
  }

  /** The part with the lowest address of the size at a place. */
  int first(int place) {
    int entry = entries[place];
    return entry >= 0 ? entry : lists[~entry].first();
  }

  /** The next larger free part, {@link Parts#NONE} after the largest. */
  int larger(int part) {
    int place = place(parts.bytes[part]);
    int entry = entries[place];
    int next = entry >= 0 ? Parts.NONE : lists[~entry].after(part, parts);
    if (next == Parts.NONE && place + 1 < count) {
      return first(place + 1);
    }
    return next;
  }

  /** The largest free part, {@link Parts#NONE} when nothing is free. */
  int largest() {
    if (count == 0) {
      return Parts.NONE;
    }
    int entry = entries[count - 1];
    return entry >= 0 ? entry : lists[~entry].last();
  }

  /** What is free at this moment. */
  int[] all() {
    int size = 0;
    for (int i = 0; i < count; i++) {
      size += entries[i] >= 0 ? 1 : lists[~entries[i]].size();
    }
    int[] all = new int[size];
    size = 0;
    for (int i = 0; i < count; i++) {
      if (entries[i] >= 0) {
        all[size++] = entries[i];
      } else {
        size = lists[~entries[i]].copyTo(all, size);
      }
    }
    return all;
  }

  /** The size at a place. */
  long size(int place) {
    return sizes[place];
  }

  /** Adds a part that was not free, as one with its free neighbours; returns that. */
  int giveBack(int part) {
    int before = parts.previous[part];
    int after = parts.next[part];
    if (parts.is(after, Parts.FREE)) {
      if (!parts.is(before, Parts.FREE)) {
        absorb(after, false);
        return after;
      }
      remove(after);
      parts.absorbNext(part);
    }
    if (parts.is(before, Parts.FREE)) {
      absorb(before, true);
      return before;
    }
    parts.state[part] = Parts.FREE;
    add(part);
    return part;
  }

  /** Adds a part without free neighbours. */
  void add(int part) {
    long size = parts.bytes[part];
    int place = place(size);
    if (place < count && sizes[place] == size) {
      join(place, part);
    } else {
      insert(place, size, part);
    }
  }

  private void insert(int place, long size, int entry) {
    if (count == sizes.length) {
      sizes = Arrays.copyOf(sizes, 2 * count);
      entries = Arrays.copyOf(entries, 2 * count);
    }
    for (int i = count; i > place; i--) {
      sizes[i] = sizes[i - 1];
      entries[i] = entries[i - 1];
    }
    sizes[place] = size;
    entries[place] = entry;
    count++;
  }

  private void close(int place) {
    count--;
    for (int i = place; i < count; i++) {
      sizes[i] = sizes[i + 1];
      entries[i] = entries[i + 1];
    }
  }

  /** Adds a part to those of its size. */
  private void join(int place, int part) {
    int entry = entries[place];
    if (entry >= 0) {
      int list = spareList();
      lists[list].add(entry, parts);
      entries[place] = ~list;
      entry = ~list;
    }
    lists[~entry].add(part, parts);
  }

  private int spareList() {
    if (spares == 0) {
      int had = lists.length;
      int has = Math.max(4, 2 * had);
      lists = Arrays.copyOf(lists, has);
      spareLists = new int[has];
      for (int i = had; i < has; i++) {
        lists[i] = new EqualParts();
        spareLists[spares++] = i;
      }
    }
    return spareLists[--spares];
  }

  /** Takes out the first part of the size at a place. */
  int removeFirst(int place) {
    int entry = entries[place];
    if (entry >= 0) {
      close(place);
      return entry;
    }
    int part = lists[~entry].removeFirst();
    shorten(place);
    return part;
  }

  /** Takes out a part, before its size changes. */
  void remove(int part) {
    int place = place(parts.bytes[part]);
    int entry = entries[place];
    if (entry >= 0) {
      close(place);
    } else {
      lists[~entry].remove(part, parts);
      shorten(place);
    }
  }

  /** A list of one part becomes that part. */
  private void shorten(int place) {
    EqualParts list = lists[~entries[place]];
    if (list.size() == 1) {
      spareLists[spares++] = ~entries[place];
      entries[place] = list.removeFirst();
    }
  }

  /**
   * Cuts the front off the first part of the size at a place.
   *
   * @return what is cut off, which is used
   */
  int cut(int place, long length) {
    int entry = entries[place];
    if (entry < 0) {
      int part = removeFirst(place);
      int front = parts.cutFront(part, length, Parts.USED);
      add(part);
      return front;
    }
    int front = parts.cutFront(entry, length, Parts.USED);
    moveDown(place, entry);
    return front;
  }

  /** As {@link #cut}, as one with the used part before, when nobody gives back either. */
  void cutForGood(int place, long length, int before) {
    int entry = entries[place];
    int part = entry >= 0 ? entry : removeFirst(place);
    parts.shrinkFront(part, length);
    parts.bytes[before] += length;
    if (entry >= 0) {
      moveDown(place, part);
    } else {
      add(part);
    }
  }

  /** The only part at a place has become smaller. */
  private void moveDown(int place, int part) {
    long size = parts.bytes[part];
    int to = place;
    while (to > 0 && sizes[to - 1] >= size) {
      to--;
    }
    if (to < place && sizes[to] == size) {
      close(place);
      join(to, part);
      return;
    }
    for (int i = place; i > to; i--) {
      sizes[i] = sizes[i - 1];
      entries[i] = entries[i - 1];
    }
    sizes[to] = size;
    entries[to] = part;
  }

  /**
   * A part that is here takes in a neighbour that is not.
   *
   * @param next whether it is the one that follows, or the one before
   */
  void absorb(int part, boolean next) {
    int place = place(parts.bytes[part]);
    boolean alone = entries[place] >= 0;
    if (!alone) {
      lists[~entries[place]].remove(part, parts);
      shorten(place);
    }
    if (next) {
      parts.absorbNext(part);
    } else {
      parts.absorbPrevious(part);
    }
    if (alone) {
      moveUp(place, part);
    } else {
      add(part);
    }
  }

  /** The only part at a place has become larger. */
  private void moveUp(int place, int part) {
    long size = parts.bytes[part];
    int to = place;
    while (to + 1 < count && sizes[to + 1] < size) {
      to++;
    }
    if (to + 1 < count && sizes[to + 1] == size) {
      close(place);
      join(to, part);
      return;
    }
    for (int i = place; i < to; i++) {
      sizes[i] = sizes[i + 1];
      entries[i] = entries[i + 1];
    }
    sizes[to] = size;
    entries[to] = part;
  }
}
