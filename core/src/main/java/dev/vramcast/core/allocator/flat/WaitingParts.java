package dev.vramcast.core.allocator.flat;

import java.util.Arrays;

/** What was freed on a stream and waits for another, the oldest first. */
final class WaitingParts {

  /** Parts in the lower half, their pools in the upper. */
  private long[] waiting = new long[8];

  private int begin;
  private int size;

  WaitingParts copy() {
    WaitingParts other = new WaitingParts();
    other.waiting = waiting.clone();
    other.begin = begin;
    other.size = size;
    return other;
  }

  int size() {
    return size;
  }

  void add(int part, int pool) {
    if (begin + size == waiting.length) {
      int length = size == waiting.length ? 2 * size : waiting.length;
      waiting = Arrays.copyOf(Arrays.copyOfRange(waiting, begin, begin + size), length);
      begin = 0;
    }
    waiting[begin + size] = (long) pool << 32 | part;
    size++;
  }

  /** Takes out the oldest. */
  long remove() {
    size--;
    return waiting[begin++];
  }

  static int part(long waited) {
    return (int) waited;
  }

  static int pool(long waited) {
    return (int) (waited >> 32);
  }
}
