package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;

/** One thing that a process asks of the caching allocator. */
public sealed interface AllocatorOperation {

  /** Which allocation it is about; each has a number of its own. */
  int number();

  /**
   * Memory is asked for.
   *
   * @param bytes as they are asked for, before any rounding
   */
  record Allocate(int number, long bytes, Stream stream) implements AllocatorOperation {}

  /** Memory is given back, when no stream uses it any more. */
  record Free(int number) implements AllocatorOperation {}
}
