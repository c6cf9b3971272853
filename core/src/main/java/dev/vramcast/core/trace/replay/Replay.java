package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.allocator.Chunk;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import java.util.List;
import java.util.OptionalLong;

/** One replay of a program under a limit. */
final class Replay extends TwoSteps {

  private final CachingAllocator allocator;

  /** What is handed out to the youngest instance of each block. */
  private final Chunk[] living;

  private Replay(ReplayProgram program, AllocatorSettings settings, long limit) {
    super(program);
    this.allocator = new CachingAllocator(settings, limit);
    this.living = new Chunk[blocks()];
  }

  /**
   * How a replay under a limit went. It would go the same under any limit from {@code held} on that
   * is below {@code wanted}.
   *
   * @param held the most bytes that were taken from the driver at a time
   * @param wanted the least that the limit would have to be for the driver to give what it refused
   */
  record Outcome(boolean runs, long held, long wanted) {

    /** Whether a replay under this limit would go the same. */
    boolean holdsFor(long limit) {
      return limit >= held && (limit < wanted || wanted == Long.MAX_VALUE);
    }
  }

  /**
   * How a replay goes.
   *
   * @param lengths as for {@link #run(List)}
   */
  static Outcome of(
      ReplayProgram program, AllocatorSettings settings, long limit, List<long[]> lengths) {
    Replay replay = new Replay(program, settings, limit);
    boolean runs = replay.run(lengths);
    return new Outcome(runs, replay.allocator.mostReserved(), replay.allocator.wanted());
  }

  /**
   * The most that is held at a time in the last step; empty when the replay runs out of memory.
   *
   * @param lengths as for {@link #run(List)}
   */
  static OptionalLong last(
      ReplayProgram program, AllocatorSettings settings, long limit, List<long[]> lengths) {
    Replay replay = new Replay(program, settings, limit);
    boolean runs = replay.run(lengths);
    return runs ? OptionalLong.of(replay.allocator.mostOfStep()) : OptionalLong.empty();
  }

  @Override
  void beginStep() {
    allocator.beginStep();
  }

  @Override
  boolean allocate(int number) {
    Chunk chunk = allocator.allocate(size(number), stream(number));
    if (chunk == null) {
      return false;
    }
    chunk.under = living[number];
    living[number] = chunk;
    return true;
  }

  @Override
  boolean passes(int number) {
    if (!allocator.hasRoom(size(number), stream(number))) {
      return super.passes(number);
    }
    allocator.launched(stream(number));
    return true;
  }

  @Override
  void waitForStreams() {
    allocator.waitForStreams();
  }

  @Override
  void reduced(int number) {
    allocator.reduced();
  }

  @Override
  boolean lives(int number) {
    return living[number] != null;
  }

  @Override
  void reverse(int number) {
    Chunk reversed = null;
    Chunk chunk = living[number];
    while (chunk != null) {
      Chunk next = chunk.under;
      chunk.under = reversed;
      reversed = chunk;
      chunk = next;
    }
    living[number] = reversed;
  }

  @Override
  boolean freeSecond(int number) {
    Chunk youngest = living[number];
    Chunk second = youngest.under;
    if (second == null) {
      return false;
    }
    youngest.under = second.under;
    second.under = null;
    allocator.free(second, stream(number));
    return true;
  }

  @Override
  void freeYoungest(int number) {
    Chunk chunk = living[number];
    living[number] = chunk.under;
    chunk.under = null;
    allocator.free(chunk, stream(number));
  }
}
