package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a replay asks of an allocator whose driver never refuses, written down in order. */
final class ReplayOperations {

  private final ReplayProgram program;
  private final long[] bytes;
  private final Stream[] streams;
  private final List<AllocatorOperation> written = new ArrayList<>();
  private final List<Deque<Integer>> living = new ArrayList<>();
  private final Map<Stream, Deque<Integer>> waiting = new EnumMap<>(Stream.class);
  private int allocations;

  private ReplayOperations(ReplayProgram program) {
    this.program = program;
    this.bytes = program.bytes();
    this.streams = program.streams();
    for (int i = 0; i < bytes.length; i++) {
      living.add(new ArrayDeque<>());
    }
  }

  static List<AllocatorOperation> of(ReplayProgram program) {
    ReplayOperations operations = new ReplayOperations(program);
    operations.play(program.first());
    for (int number : program.gradients()) {
      while (!operations.living.get(number).isEmpty()) {
        operations.free(number);
      }
    }
    operations.play(program.second());
    return operations.written;
  }

  private void play(List<ReplayProgram.Section> sections) {
    for (ReplayProgram.Section section : sections) {
      for (int iteration = 0; iteration < section.times(); iteration++) {
        for (int i = section.from(); i < section.to(); i++) {
          write(program.operations()[i], section.times() > 1);
        }
      }
    }
  }

  private void write(int operation, boolean repeated) {
    if (operation < 0) {
      freeOneLike(~operation, repeated ? 1 : bytes[~operation]);
    } else if (operation < ReplayProgram.AT_ONCE) {
      allocate(operation);
    } else {
      allocate(operation & ~ReplayProgram.AT_ONCE);
      free(operation & ~ReplayProgram.AT_ONCE);
    }
  }

  private void allocate(int number) {
    Stream stream = streams[number];
    Deque<Integer> queue = waiting.computeIfAbsent(stream, each -> new ArrayDeque<>());
    if (stream.waiting() > 0 && queue.size() >= stream.waiting()) {
      written.add(new AllocatorOperation.Free(queue.remove()));
    }
    written.add(new AllocatorOperation.Allocate(allocations, bytes[number], stream));
    living.get(number).push(allocations);
    allocations++;
  }

  private void freeOneLike(int number, long least) {
    if (!living.get(number).isEmpty()) {
      free(number);
      return;
    }
    long left = least;
    for (int other : program.standIns(number)) {
      while (left > 0 && !living.get(other).isEmpty()) {
        left -= bytes[other];
        free(other);
      }
    }
  }

  private void free(int number) {
    int allocation = living.get(number).pop();
    if (streams[number].waiting() > 0) {
      waiting.computeIfAbsent(streams[number], each -> new ArrayDeque<>()).add(allocation);
    } else {
      written.add(new AllocatorOperation.Free(allocation));
    }
  }
}
