package dev.vramcast.core.allocator;

import org.jspecify.annotations.Nullable;

/** A part of a segment: {@code Block} of c10/cuda/CUDACachingAllocator.cpp. */
public final class Chunk {

  final Pool pool;
  final long address;

  /** Whether memory is behind it, which the free address space of a growing segment lacks. */
  final boolean mapped;

  long bytes;

  /** Null at the begin of a segment. */
  @Nullable Chunk previous;

  /** Null at the end of a segment. */
  @Nullable Chunk next;

  /** It is handed out, or waits for a stream. */
  boolean used;

  /** What is handed out to an earlier instance of the same block; null when nothing is. */
  public @Nullable Chunk under;

  Chunk(Pool pool, long address, long bytes, boolean mapped) {
    this.pool = pool;
    this.address = address;
    this.bytes = bytes;
    this.mapped = mapped;
  }

  /** Whether a neighbour can become one with this: both are free, and backed alike. */
  boolean joins(Chunk neighbour) {
    return !neighbour.used && neighbour.mapped == mapped;
  }

  /** Whether it is a whole segment. */
  boolean isSegment() {
    return previous == null && next == null;
  }

  /** What it can grow to without moving: itself and the address space behind it. */
  long growsTo() {
    return next != null && !next.mapped ? bytes + next.bytes : bytes;
  }

  /** Cuts off everything after the first {@code size} bytes and returns it. */
  Chunk split(long size) {
    Chunk rest = new Chunk(pool, address + size, bytes - size, mapped);
    rest.previous = this;
    rest.next = next;
    if (next != null) {
      next.previous = rest;
    }
    next = rest;
    bytes = size;
    return rest;
  }

  /** Takes in the part that follows. */
  void absorb(Chunk following) {
    bytes += following.bytes;
    next = following.next;
    if (next != null) {
      next.previous = this;
    }
  }

  /** A part in the place of this one that is mapped, or is not. */
  Chunk switchedTo(boolean nowMapped) {
    Chunk other = new Chunk(pool, address, bytes, nowMapped);
    other.previous = previous;
    other.next = next;
    if (previous != null) {
      previous.next = other;
    }
    if (next != null) {
      next.previous = other;
    }
    return other;
  }
}
