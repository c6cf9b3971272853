package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.input.Interruption;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import dev.vramcast.core.trace.replay.program.Section;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through two steps of a program, in which each block may have several instances. */
abstract class TwoSteps {

  private final ReplayProgram program;
  private final int[] operations;
  private final long[] bytes;
  private final Stream[] streams;

  /** Bytes that are asked for when a block is made, by number. */
  private long[] sizes;

  TwoSteps(ReplayProgram program) {
    this.program = program;
    this.operations = program.operations();
    this.bytes = program.bytes();
    this.streams = program.streams();
    this.sizes = bytes;
  }

  /** Hands out an instance of a block; whether there was memory for it. */
  abstract boolean allocate(int number);

  /** Whether an instance of a block is handed out. */
  abstract boolean lives(int number);

  /** Takes back the youngest but one of a block's instances; whether there was one. */
  abstract boolean freeSecond(int number);

  /** Takes back the youngest instance of a block, which lives. */
  abstract void freeYoungest(int number);

  /** The oldest instance of a block is the youngest from now on. */
  abstract void reverse(int number);

  /** A step begins behind another. */
  void beginStep() {}

  /** The process waits for all streams. */
  abstract void waitForStreams();

  /**
   * Gradients were reduced.
   *
   * @param number of the block that marks it
   */
  abstract void reduced(int number);

  /** An instance that is taken back at once; whether there was memory for it. */
  boolean passes(int number) {
    if (!allocate(number)) {
      return false;
    }
    freeYoungest(number);
    return true;
  }

  final int blocks() {
    return bytes.length;
  }

  final long size(int number) {
    return sizes[number];
  }

  final Stream stream(int number) {
    return streams[number];
  }

  /** Whether there was memory for all of it. */
  final boolean run() {
    return run(0, program.sections().size());
  }

  /**
   * A step with each of these sizes, then two with those of the program; whether there was memory
   * for all.
   */
  final boolean run(List<long[]> lengths) {
    int from = 0;
    int to = program.secondStep();
    for (long[] length : lengths) {
      sizes = length;
      if (!run(from, to)) {
        return false;
      }
      from = program.secondStep();
      to = program.sections().size();
    }
    sizes = bytes;
    return run(from, program.sections().size());
  }

  /** Goes through sections, before {@code to}; whether there was memory for all of it. */
  final boolean run(int from, int to) {
    for (int i = from; i < to; i++) {
      Section each = program.sections().get(i);
      for (int n = 0; n < each.times(); n++) {
        Interruption.check();
        if (!play(each, n)) {
          return false;
        }
      }
    }
    return true;
  }

  /** {@code zero_grad(set_to_none=True)}. */
  private void dropGradients() {
    for (int number : program.gradients()) {
      while (lives(number)) {
        freeYoungest(number);
      }
    }
  }

  private boolean play(Section section, int iteration) {
    if (section.dropsGradients()) {
      beginStep();
      dropGradients();
      return true;
    }
    if (section.reversesGradients()) {
      for (int number : program.taken()) {
        reverse(number);
      }
      return true;
    }
    if (section.waits()) {
      waitForStreams();
      return true;
    }
    if (section.whileLives() >= 0 && !lives(section.whileLives())) {
      return true;
    }
    boolean repeated = section.times() > 1;
    int[][] instead = iteration + 1 < section.times() ? section.instead() : null;
    for (int i = section.from(); i < section.to(); i++) {
      int operation = operations[i];
      if (operation < 0) {
        int[] others = instead == null ? null : instead[i - section.from()];
        if (others == null || !freesOne(others)) {
          int[] made = section.made() == null ? null : section.made()[i - section.from()];
          free(~operation, repeated ? 1 : bytes[~operation], made);
        }
      } else if (streams[operation & ~ReplayProgram.AT_ONCE].isMark()) {
        mark(operation & ~ReplayProgram.AT_ONCE);
      } else if (operation < ReplayProgram.AT_ONCE
          ? !allocate(operation)
          : !passes(operation & ~ReplayProgram.AT_ONCE) && operation != program.warmUp()) {
        return false;
      }
    }
    return true;
  }

  private void mark(int number) {
    if (streams[number] == Stream.REDUCED) {
      reduced(number);
    } else {
      waitForStreams();
    }
  }

  private static boolean contains(int[] numbers, int number) {
    for (int each : numbers) {
      if (each == number) {
        return true;
      }
    }
    return false;
  }

  /** Frees the youngest instance of the first of these that lives; whether there was one. */
  private boolean freesOne(int[] numbers) {
    for (int number : numbers) {
      if (lives(number)) {
        freeYoungest(number);
        return true;
      }
    }
    return false;
  }

  /**
   * Frees the youngest instance, or what stands in for it.
   *
   * @param least bytes of stand-ins to be freed
   * @param made of which the iteration has made the youngest, which stays; null for none
   */
  private void free(int number, long least, int @Nullable [] made) {
    if (lives(number)) {
      freeYoungest(number);
      return;
    }
    long left = least;
    for (int other : program.standIns(number)) {
      if (left <= 0) {
        return;
      }
      boolean own = made != null && contains(made, other);
      while (left > 0 && lives(other)) {
        left -= bytes[other];
        if (!own || !freeSecond(other)) {
          freeYoungest(other);
        }
      }
    }
  }
}
