package dev.vramcast.core.allocator.flat;

/**
 * Free parts of one size by their addresses, in the middle of an array. They are mostly taken from
 * the front and put back at either end.
 */
final class EqualParts {

  private int[] ids = new int[8];
  private int begin = 3;
  private int end = 3;

  EqualParts copy() {
    EqualParts other = new EqualParts();
    other.ids = ids.clone();
    other.begin = begin;
    other.end = end;
    return other;
  }

  /** How many there are. */
  int size() {
    return end - begin;
  }

  /** The one with the lowest address. */
  int first() {
    return ids[begin];
  }

  /** The one with the highest address. */
  int last() {
    return ids[end - 1];
  }

  /** The next after a part that is here, {@link Parts#NONE} after the last. */
  int after(int part, Parts parts) {
    int next = place(parts.address[part], parts) + 1;
    return next < end ? ids[next] : Parts.NONE;
  }

  /** Puts all that are there into an array, from an index on; returns the index behind them. */
  int copyTo(int[] all, int from) {
    System.arraycopy(ids, begin, all, from, end - begin);
    return from + end - begin;
  }

  void add(int part, Parts parts) {
    if (begin == 0 || end == ids.length) {
      recentre();
    }
    int place = place(parts.address[part], parts);
    if (place - begin < end - place) {
      System.arraycopy(ids, begin, ids, begin - 1, place - begin);
      begin--;
      place--;
    } else {
      System.arraycopy(ids, place, ids, place + 1, end - place);
      end++;
    }
    ids[place] = part;
  }

  int removeFirst() {
    return ids[begin++];
  }

  /** Takes out a part that is here. */
  void remove(int part, Parts parts) {
    int place = place(parts.address[part], parts);
    if (place - begin < end - place) {
      System.arraycopy(ids, begin, ids, begin + 1, place - begin);
      begin++;
    } else {
      System.arraycopy(ids, place + 1, ids, place, end - place - 1);
      end--;
    }
  }

  /** Makes room at both ends. */
  private void recentre() {
    int count = end - begin;
    int length = Math.max(8, 3 * count);
    int start = (length - count) / 2;
    int[] wider = new int[length];
    System.arraycopy(ids, begin, wider, start, count);
    ids = wider;
    begin = start;
    end = start + count;
  }

  /** Where a part at this address is, or would be; at the ends without a search. */
  private int place(long address, Parts parts) {
    long[] addresses = parts.address;
    if (begin == end || address <= addresses[ids[begin]]) {
      return begin;
    }
    if (address > addresses[ids[end - 1]]) {
      return end;
    }
    int low = begin;
    int high = end - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (addresses[ids[middle]] < address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
