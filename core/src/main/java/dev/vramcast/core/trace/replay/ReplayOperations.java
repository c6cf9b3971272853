package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a replay asks of an allocator whose driver never refuses, written down in order. */
final class ReplayOperations extends TwoSteps {

  private final List<AllocatorOperation> written = new ArrayList<>();
  private final List<Deque<Integer>> living = new ArrayList<>();
  private final Map<Stream, Deque<Integer>> waiting = new EnumMap<>(Stream.class);
  private int allocations;

  private ReplayOperations(ReplayProgram program) {
    super(program);
    for (int i = 0; i < blocks(); i++) {
      living.add(new ArrayDeque<>());
    }
  }

  static List<AllocatorOperation> of(ReplayProgram program) {
    ReplayOperations operations = new ReplayOperations(program);
    operations.run();
    return operations.written;
  }

  @Override
  boolean allocate(int number) {
    Stream stream = stream(number);
    if (stream.waiting() > 0 && waiting(stream).size() >= stream.waiting()) {
      written.add(new AllocatorOperation.Free(waiting(stream).remove()));
    }
    written.add(new AllocatorOperation.Allocate(allocations, size(number), stream));
    living.get(number).push(allocations);
    allocations++;
    return true;
  }

  @Override
  boolean lives(int number) {
    return !living.get(number).isEmpty();
  }

  @Override
  void freeYoungest(int number) {
    int allocation = living.get(number).pop();
    if (stream(number).waiting() > 0) {
      waiting(stream(number)).add(allocation);
    } else {
      written.add(new AllocatorOperation.Free(allocation));
    }
  }

  /** What is freed on a stream and waits for another. */
  private Deque<Integer> waiting(Stream stream) {
    return waiting.computeIfAbsent(stream, each -> new ArrayDeque<>());
  }
}
