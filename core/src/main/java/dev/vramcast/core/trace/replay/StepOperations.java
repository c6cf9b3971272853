package dev.vramcast.core.trace.replay;

import dev.vramcast.core.trace.replay.program.ReplayProgram;
import dev.vramcast.core.trace.replay.program.Section;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a program's steps ask of an allocator, one step after the other. A step goes as the one
 * before if the same lives when both have dropped gradients, and so do all behind it. May be used
 * by several threads.
 */
final class StepOperations {

  /** How many operations are kept; of a longer program none are. */
  private static final long MOST = 1L << 22;

  private final ReplayProgram program;
  private final long most;
  private final long length;
  private Instances instances;

  /** By step, in pieces. */
  private final List<List<int[]>> steps = new ArrayList<>();

  private List<int[]> written = new ArrayList<>();

  /** What lived when the last step had dropped gradients, and what it did then. */
  private Instances.@Nullable State state;

  private List<int[]> body = List.of();

  /** Whether all further steps are as the last. */
  private boolean repeats;

  StepOperations(ReplayProgram program) {
    this(program, MOST);
  }

  /**
   * As {@link #StepOperations(ReplayProgram)}.
   *
   * @param most how many operations two steps may have to be kept
   */
  StepOperations(ReplayProgram program, long most) {
    this.program = program;
    this.most = most;
    this.length = length(program);
    this.instances = instances();
  }

  private Instances instances() {
    return new Instances(program, operations -> written.add(operations));
  }

  private static long length(ReplayProgram program) {
    long operations = 0;
    for (Section section : program.sections()) {
      operations += (long) section.length() * section.times();
    }
    return operations;
  }

  ReplayProgram program() {
    return program;
  }

  /** How many operations two steps have. */
  long length() {
    return length;
  }

  /** Whether operations are kept; else each replay finds them anew. */
  boolean areKept() {
    return length <= most;
  }

  /** Those of a step, where they are kept; the first is 0. */
  synchronized List<int[]> step(int number) {
    boolean whole = false;
    try {
      while (steps.size() <= number && !repeats) {
        steps.add(next());
      }
      whole = true;
    } finally {
      if (!whole) {
        beginAnew();
      }
    }
    return steps.get(Math.min(number, steps.size() - 1));
  }

  /** A step was interrupted on its way; others go on from the first. */
  private void beginAnew() {
    instances = instances();
    steps.clear();
    state = null;
    body = List.of();
    repeats = false;
  }

  private List<int[]> next() {
    if (steps.isEmpty()) {
      return write(0, program.secondStep());
    }
    int drop = program.secondStep();
    List<int[]> step = new ArrayList<>(write(drop, drop + 1));
    Instances.State before = state;
    Instances.State now = instances.state();
    repeats = before != null && now.goesOnAs(before);
    if (!repeats) {
      body = write(drop + 1, program.sections().size());
      state = now;
    }
    step.addAll(body);
    return step;
  }

  private List<int[]> write(int from, int to) {
    written = new ArrayList<>();
    instances.write(from, to);
    return written;
  }
}
