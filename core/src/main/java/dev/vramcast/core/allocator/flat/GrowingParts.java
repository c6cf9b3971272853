package dev.vramcast.core.allocator.flat;

import static dev.vramcast.core.allocator.flat.Parts.NONE;
import static dev.vramcast.core.allocator.flat.Parts.SPACE;
import static dev.vramcast.core.allocator.flat.Parts.USED;

import java.util.Arrays;

/**
 * {@code ExpandableSegment}: address space for more than the card holds, in which memory is mapped
 * and unmapped by pages. Everything in a pool lies in one such segment.
 */
final class GrowingParts {

  private final Parts parts;
  private final long page;

  /** Address space without memory behind it, by address; the last has no end. */
  private int[] spaces = new int[4];

  private int count;

  /** A segment without memory. */
  GrowingParts(Parts parts, long page) {
    this.parts = parts;
    this.page = page;
    insert(0, parts.add(0, Long.MAX_VALUE / 2 / page * page, SPACE));
  }

  private GrowingParts(GrowingParts other, Parts parts) {
    this.parts = parts;
    this.page = other.page;
    this.spaces = other.spaces.clone();
    this.count = other.count;
  }

  /** The same segment, of a copy of its parts. */
  GrowingParts copy(Parts copied) {
    return new GrowingParts(this, copied);
  }

  /** {@code find_expandable_block}: the lowest place that can grow to a size. */
  private int place(long size) {
    for (int i = 0; i < count; i++) {
      int before = parts.previous[spaces[i]];
      int start = parts.isFree(before) ? before : spaces[i];
      long room = 0;
      for (int part = start;
          part != NONE && (parts.isFree(part) || parts.isSpace(part)) && room < size; ) {
        room += parts.bytes[part];
        part = parts.next[part];
      }
      if (room >= size) {
        return start;
      }
    }
    throw new IllegalStateException("the last space has no end");
  }

  /**
   * {@code try_allocate_expandable_block}: maps what is missing, gap by gap; the part is free.
   * Where the driver refuses a gap it is {@link Parts#NONE}; those before it stay mapped.
   */
  int grow(long size, FlatAllocator driver) {
    int part = place(size);
    if (parts.isSpace(part)) {
      part = map(part, size, driver);
    }
    while (part != NONE && parts.bytes[part] < size) {
      part = map(parts.next[part], size - parts.bytes[part], driver);
    }
    return part;
  }

  /** {@code map_block}. */
  private int map(int space, long size, FlatAllocator driver) {
    long mapped = Math.min(parts.bytes[space], pages(size));
    if (!driver.take(mapped)) {
      return NONE;
    }
    int part = space;
    if (mapped < parts.bytes[space]) {
      part = parts.cutFront(space, mapped, USED);
    } else {
      remove(space);
    }
    return parts.giveBack(part);
  }

  /** {@code unmap_block}: gives back the whole pages of a free part; returns how many bytes. */
  long unmap(int part) {
    long begin = pages(parts.address[part]);
    long end = (parts.address[part] + parts.bytes[part]) / page * page;
    if (begin >= end) {
      return 0;
    }
    parts.take(part, USED);
    if (begin > parts.address[part]) {
      parts.free(parts.cutFront(part, begin - parts.address[part], USED));
    }
    int middle = part;
    if (end < parts.address[part] + parts.bytes[part]) {
      middle = parts.cutFront(part, end - begin, SPACE);
      parts.free(part);
    }
    addSpace(middle);
    return end - begin;
  }

  private void addSpace(int space) {
    parts.kind[space] = SPACE;
    int after = parts.next[space];
    if (parts.isSpace(after)) {
      remove(after);
      parts.absorb(space, after);
    }
    int before = parts.previous[space];
    if (parts.isSpace(before)) {
      parts.absorb(before, space);
    } else {
      insert(search(parts.address[space]), space);
    }
  }

  /** Where a space at an address is, or would be. */
  private int search(long address) {
    int place = 0;
    while (place < count && parts.address[spaces[place]] < address) {
      place++;
    }
    return place;
  }

  private void insert(int place, int space) {
    if (count == spaces.length) {
      spaces = Arrays.copyOf(spaces, 2 * count);
    }
    System.arraycopy(spaces, place, spaces, place + 1, count - place);
    spaces[place] = space;
    count++;
  }

  private void remove(int space) {
    int place = search(parts.address[space]);
    count--;
    System.arraycopy(spaces, place + 1, spaces, place, count - place);
  }

  private long pages(long bytes) {
    return (bytes + page - 1) / page * page;
  }
}
