package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.FreeEvents;
import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What a replay asks of an allocator whose driver never refuses, written down in order. */
final class ReplayOperations extends TwoSteps {

  private final List<AllocatorOperation> written = new ArrayList<>();
  private final List<Deque<Integer>> living = new ArrayList<>();
  private final FreeEvents<Integer> waiting = new FreeEvents<>();
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
    waiting.beforeAllocation(stream, this::giveBack);
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
  void reverse(int number) {
    Deque<Integer> reversed = new ArrayDeque<>();
    living.get(number).forEach(reversed::push);
    living.set(number, reversed);
  }

  @Override
  boolean freeSecond(int number) {
    Deque<Integer> instances = living.get(number);
    if (instances.size() < 2) {
      return false;
    }
    int youngest = instances.pop();
    freeYoungest(number);
    instances.push(youngest);
    return true;
  }

  @Override
  void freeYoungest(int number) {
    int allocation = living.get(number).pop();
    if (stream(number).isReadAside()) {
      waiting.add(allocation, stream(number));
    } else {
      giveBack(allocation);
    }
  }

  @Override
  void waitForStreams() {
    waiting.all(this::giveBack);
  }

  @Override
  void reduced(int number) {
    waiting.reduced(this::giveBack);
  }

  private void giveBack(int allocation) {
    written.add(new AllocatorOperation.Free(allocation));
  }
}
