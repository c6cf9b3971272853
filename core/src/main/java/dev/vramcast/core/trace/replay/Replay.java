package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.allocator.Chunk;
import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.input.Interruption;
import dev.vramcast.core.job.AllocatorSettings;
import java.util.List;

/** One replay of a program under a limit. */
final class Replay {

  private final ReplayProgram program;
  private final CachingAllocator allocator;
  private final int[] operations;
  private final long[] bytes;
  private final Stream[] streams;

  /** What is handed out to the youngest instance of each block. */
  private final Chunk[] living;

  private Replay(ReplayProgram program, AllocatorSettings settings, long limit) {
    this.program = program;
    this.allocator = new CachingAllocator(settings, limit);
    this.operations = program.operations();
    this.bytes = program.bytes();
    this.streams = program.streams();
    this.living = new Chunk[bytes.length];
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

  static Outcome of(ReplayProgram program, AllocatorSettings settings, long limit) {
    Replay replay = new Replay(program, settings, limit);
    boolean runs = replay.run();
    return new Outcome(runs, replay.allocator.mostReserved(), replay.allocator.wanted());
  }

  /** Whether there was memory for all of it. */
  private boolean run() {
    if (!play(program.first())) {
      return false;
    }
    for (int number : program.gradients()) {
      while (living[number] != null) {
        freeYoungest(number);
      }
    }
    return play(program.second());
  }

  private boolean play(List<ReplayProgram.Section> sections) {
    for (ReplayProgram.Section section : sections) {
      for (int iteration = 0; iteration < section.times(); iteration++) {
        Interruption.check();
        if (!play(section.from(), section.to(), section.times() > 1)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean play(int from, int to, boolean repeated) {
    for (int i = from; i < to; i++) {
      int operation = operations[i];
      if (operation < 0) {
        free(~operation, repeated ? 1 : bytes[~operation]);
      } else if (operation < ReplayProgram.AT_ONCE ? !allocate(operation) : !passes(operation)) {
        return false;
      }
    }
    return true;
  }

  private boolean allocate(int number) {
    Chunk chunk = allocator.allocate(bytes[number], streams[number]);
    if (chunk == null) {
      return false;
    }
    chunk.under = living[number];
    living[number] = chunk;
    return true;
  }

  /** An allocation that is freed at once. */
  private boolean passes(int operation) {
    int number = operation & ~ReplayProgram.AT_ONCE;
    if (allocator.hasRoom(bytes[number], streams[number])) {
      return true;
    }
    if (!allocate(number)) {
      return false;
    }
    freeYoungest(number);
    return true;
  }

  /**
   * Frees the youngest instance, or what stands in for it.
   *
   * @param least bytes of stand-ins to be freed
   */
  private void free(int number, long least) {
    if (living[number] != null) {
      freeYoungest(number);
      return;
    }
    long left = least;
    for (int other : program.standIns(number)) {
      while (left > 0 && living[other] != null) {
        left -= bytes[other];
        freeYoungest(other);
      }
    }
  }

  private void freeYoungest(int number) {
    Chunk chunk = living[number];
    living[number] = chunk.under;
    chunk.under = null;
    allocator.free(chunk, streams[number]);
  }
}
