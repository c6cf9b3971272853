package dev.vramcast.core.allocator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Free parts of one size by their addresses, in the middle of an array. They are mostly taken from
 * the front and put back at either end.
 */
final class EqualChunks {

  private long[] addresses = new long[8];
  private Chunk[] chunks = new Chunk[8];
  private int begin = 4;
  private int end = 4;

  boolean isEmpty() {
    return begin == end;
  }

  /** The one with the lowest address. */
  Chunk first() {
    return chunks[begin];
  }

  /** The one with the highest address. */
  Chunk last() {
    return chunks[end - 1];
  }

  /** The next after a part of this size, null after the last. */
  @Nullable Chunk after(Chunk chunk) {
    int next = place(chunk.address) + 1;
    return next < end ? chunks[next] : null;
  }

  /** Puts all that are there into an array, from an index on; returns the index behind them. */
  int copyTo(Chunk[] all, int from) {
    System.arraycopy(chunks, begin, all, from, end - begin);
    return from + end - begin;
  }

  int size() {
    return end - begin;
  }

  void add(Chunk chunk) {
    if (begin == 0 || end == chunks.length) {
      recentre();
    }
    int place = place(chunk.address);
    if (place - begin < end - place) {
      move(begin, begin - 1, place - begin);
      begin--;
      place--;
    } else {
      move(place, place + 1, end - place);
      end++;
    }
    addresses[place] = chunk.address;
    chunks[place] = chunk;
  }

  /** Takes a part out; false when it is not here. */
  boolean remove(Chunk chunk) {
    int place = place(chunk.address);
    if (place == end || chunks[place] != chunk) {
      return false;
    }
    if (place - begin < end - place) {
      move(begin, begin + 1, place - begin);
      chunks[begin] = null;
      begin++;
    } else {
      move(place + 1, place, end - place - 1);
      end--;
      chunks[end] = null;
    }
    return true;
  }

  private void move(int from, int to, int count) {
    if (count > 0) {
      System.arraycopy(addresses, from, addresses, to, count);
      System.arraycopy(chunks, from, chunks, to, count);
    }
  }

  /** Makes room at both ends. */
  private void recentre() {
    int count = end - begin;
    int length = Math.max(8, 3 * count);
    long[] wider = new long[length];
    Chunk[] moved = new Chunk[length];
    int start = (length - count) / 2;
    System.arraycopy(addresses, begin, wider, start, count);
    System.arraycopy(chunks, begin, moved, start, count);
    addresses = wider;
    chunks = moved;
    begin = start;
    end = start + count;
  }

  /** Where a part at this address is, or would be; at the ends without a search. */
  private int place(long address) {
    if (begin == end || address <= addresses[begin]) {
      return begin;
    }
    if (address > addresses[end - 1]) {
      return end;
    }
    int found = Arrays.binarySearch(addresses, begin, end, address);
    return found >= 0 ? found : -found - 1;
  }
}
