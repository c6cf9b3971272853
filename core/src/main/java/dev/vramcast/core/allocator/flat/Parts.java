package dev.vramcast.core.allocator.flat;

import java.util.Arrays;

/** Parts of segments: {@code Block} of c10/cuda/CUDACachingAllocator.cpp. A part is an index. */
final class Parts {

  /** No part: the end of a segment. */
  static final int NONE = -1;

  /** Not handed out, with memory behind it. */
  static final byte FREE = 0;

  /** Address space of a growing segment without memory. */
  static final byte SPACE = 1;

  /** Handed out, or waiting for a stream. */
  static final byte USED = 2;

  /** Handed out and never given back: such neighbours are one part. */
  static final byte KEPT = 3;

  long[] address;
  long[] bytes;
  int[] previous;
  int[] next;
  byte[] state;

  /** The parts beside a free one in the order of best fit, where they are of its class. */
  int[] smaller;

  int[] larger;
  private int size;

  /** The first of those that are no parts any more, linked by {@link #next}. */
  private int spare = NONE;

  /** None. */
  Parts() {
    address = new long[256];
    bytes = new long[256];
    previous = new int[256];
    next = new int[256];
    state = new byte[256];
    smaller = new int[256];
    larger = new int[256];
  }

  private Parts(Parts other) {
    size = other.size;
    spare = other.spare;
    int length = Math.max(16, size + size / 8);
    address = Arrays.copyOf(other.address, length);
    bytes = Arrays.copyOf(other.bytes, length);
    previous = Arrays.copyOf(other.previous, length);
    next = Arrays.copyOf(other.next, length);
    state = Arrays.copyOf(other.state, length);
    smaller = Arrays.copyOf(other.smaller, length);
    larger = Arrays.copyOf(other.larger, length);
  }

  /** The same parts, which change apart from these. */
  Parts copy() {
    return new Parts(this);
  }

  /** A part without neighbours. */
  int add(long start, long length, byte kind) {
    int part = spare;
    if (part == NONE) {
      part = size++;
      if (part == bytes.length) {
        widen();
      }
    } else {
      spare = next[part];
    }
    address[part] = start;
    bytes[part] = length;
    previous[part] = NONE;
    next[part] = NONE;
    state[part] = kind;
    return part;
  }

  private void widen() {
    int length = 2 * bytes.length;
    address = Arrays.copyOf(address, length);
    bytes = Arrays.copyOf(bytes, length);
    previous = Arrays.copyOf(previous, length);
    next = Arrays.copyOf(next, length);
    state = Arrays.copyOf(state, length);
    smaller = Arrays.copyOf(smaller, length);
    larger = Arrays.copyOf(larger, length);
  }

  /** Forgets a part that has become one with another, or was given back. */
  void drop(int part) {
    next[part] = spare;
    spare = part;
  }

  /** Whether it is a whole segment. */
  boolean isSegment(int part) {
    return previous[part] == NONE && next[part] == NONE;
  }

  /** Cuts the first bytes off a part, which keeps the rest; returns what is cut off. */
  int cutFront(int part, long length, byte kind) {
    int front = add(address[part], length, kind);
    int before = previous[part];
    previous[front] = before;
    next[front] = part;
    if (before != NONE) {
      next[before] = front;
    }
    previous[part] = front;
    shrinkFront(part, length);
    return front;
  }

  /** Moves the begin of a part up. */
  void shrinkFront(int part, long length) {
    address[part] += length;
    bytes[part] -= length;
  }

  /** Takes in the part that follows. */
  void absorbNext(int part) {
    int following = next[part];
    bytes[part] += bytes[following];
    unlink(following);
  }

  /** Takes in the part before. */
  void absorbPrevious(int part) {
    int before = previous[part];
    address[part] = address[before];
    bytes[part] += bytes[before];
    unlink(before);
  }

  private void unlink(int part) {
    int before = previous[part];
    int after = next[part];
    if (before != NONE) {
      next[before] = after;
    }
    if (after != NONE) {
      previous[after] = before;
    }
    drop(part);
  }

  /** Whether there is a part, and it is in such a state. */
  boolean is(int part, byte kind) {
    return part != NONE && state[part] == kind;
  }

  /** Whether a part is handed out. */
  boolean isUsed(int part) {
    return state[part] >= USED;
  }
}
