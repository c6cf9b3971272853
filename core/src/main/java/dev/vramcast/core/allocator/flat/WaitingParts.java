package dev.vramcast.core.allocator.flat;

import dev.vramcast.core.allocator.FreeEvents;
import java.util.Arrays;

/** {@link FreeEvents} of parts, which can be copied. */
final class WaitingParts {

  /** Of a number with a part in its lower half and the part's pool in the upper. */
  private static final long EVENT = 1L << 62;

  private static final int NO_PART = Integer.MAX_VALUE;

  private long[] waiting = new long[8];

  /** How many launches there were when each was freed. */
  private long[] freedAt = new long[8];

  private long launches;
  private int begin;
  private int size;
  private int events;

  WaitingParts copy() {
    WaitingParts other = new WaitingParts();
    other.waiting = waiting.clone();
    other.freedAt = freedAt.clone();
    other.launches = launches;
    other.begin = begin;
    other.size = size;
    other.events = events;
    return other;
  }

  int size() {
    return size;
  }

  int events() {
    return events;
  }

  /**
   * Adds a part.
   *
   * @param event whether it leaves one
   */
  void add(int part, int pool, boolean event) {
    if (begin + size == waiting.length) {
      int length = size == waiting.length ? 2 * size : waiting.length;
      waiting = Arrays.copyOf(Arrays.copyOfRange(waiting, begin, begin + size), length);
      freedAt = Arrays.copyOf(Arrays.copyOfRange(freedAt, begin, begin + size), length);
      begin = 0;
    }
    waiting[begin + size] = (long) pool << 32 | part | (event ? EVENT : 0);
    freedAt[begin + size] = launches;
    size++;
    events += event ? 1 : 0;
  }

  /** Adds an event behind all that waits. */
  void addEvent() {
    add(NO_PART, 0, true);
  }

  void launched() {
    launches++;
  }

  /** Whether the oldest was freed before the oldest launch that waits. */
  boolean isPast() {
    return size > 0 && freedAt[begin] + FreeEvents.LAUNCHES <= launches;
  }

  /** Takes out the oldest. */
  long remove() {
    size--;
    long oldest = waiting[begin++];
    events -= isEvent(oldest) ? 1 : 0;
    return oldest;
  }

  static boolean isEvent(long waited) {
    return (waited & EVENT) != 0;
  }

  /** Whether it is an event without a part. */
  static boolean isMark(long waited) {
    return part(waited) == NO_PART;
  }

  static int part(long waited) {
    return (int) waited;
  }

  static int pool(long waited) {
    return (int) ((waited & ~EVENT) >> 32);
  }
}
