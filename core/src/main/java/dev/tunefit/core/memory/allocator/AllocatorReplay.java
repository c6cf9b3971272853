package dev.tunefit.core.memory.allocator;

import dev.tunefit.core.job.AllocatorSettings;
import dev.tunefit.core.memory.tape.Block;
import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.memory.tape.Phase;
import dev.tunefit.core.memory.tape.Tape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Replays a tape through the caching allocator to find what it takes from the driver. The first
 * step runs before the optimizer has states, which then lie between what the step had allocated; so
 * two steps are replayed.
 */
public final class AllocatorReplay {

  /** {@link #neededBytes} is found to within a thousandth, or the smallest segment. */
  private static final long FRACTION = 1000;

  private final Tape tape;
  private final CachingAllocator allocator;
  private final Map<Block, ArrayDeque<Chunk>> living = new IdentityHashMap<>();
  private final Map<String, List<Block>> alike = new HashMap<>();
  private final List<Block> gradients = new ArrayList<>();

  private AllocatorReplay(Tape tape, AllocatorSettings settings, long limit) {
    this.tape = tape;
    this.allocator = new CachingAllocator(settings, limit);
  }

  /** The most bytes that the allocator holds in two steps on a card without end. */
  public static long reservedBytes(Tape tape, AllocatorSettings settings) {
    return reservedBytes(tape, settings, Long.MAX_VALUE).orElseThrow();
  }

  /**
   * The most bytes that the allocator holds in two steps where the driver has no more than {@code
   * limit} to give; empty when it runs out of memory.
   */
  public static OptionalLong reservedBytes(Tape tape, AllocatorSettings settings, long limit) {
    Outcome outcome = Outcome.of(tape, settings, limit);
    return outcome.runs ? OptionalLong.of(outcome.held) : OptionalLong.empty();
  }

  /** Whether two steps run where the driver has no more than {@code limit} bytes to give. */
  public static boolean runs(Tape tape, AllocatorSettings settings, long limit) {
    return Outcome.of(tape, settings, limit).runs;
  }

  /**
   * The least bytes with which two steps run: before the allocator runs out of memory it gives back
   * what it keeps, so this is less than {@link #reservedBytes}, by all but what is broken into
   * pieces. More memory is taken to help always. Found by halving; a limit under which all would go
   * as in a replay that is done is not replayed.
   *
   * @param least bytes without which they cannot run, such as the peak of what is allocated
   * @param most bytes with which they run, such as {@link #reservedBytes}
   */
  public static long neededBytes(Tape tape, AllocatorSettings settings, long least, long most) {
    Outcome low = Outcome.of(tape, settings, least);
    if (low.runs) {
      return least;
    }
    long fails = least;
    long runs = most;
    long runsFrom = most;
    long precision = Math.max(CachingAllocator.SMALL_SEGMENT, most / FRACTION);
    while (runs - fails > precision) {
      long middle = fails + (runs - fails) / 2;
      if (middle >= low.wanted && middle < runsFrom) {
        Outcome outcome = Outcome.of(tape, settings, middle);
        low = outcome.runs ? low : outcome;
        runsFrom = outcome.runs ? outcome.held : runsFrom;
      }
      if (middle < low.wanted) {
        fails = middle;
      } else {
        runs = middle;
      }
    }
    return runs;
  }

  /**
   * How a replay under a limit went. It would go the same under any limit from {@code held} on that
   * is below {@code wanted}.
   *
   * @param held the most bytes that were taken from the driver at a time
   * @param wanted the least that the limit would have to be for the driver to give what it refused
   */
  private record Outcome(boolean runs, long held, long wanted) {

    static Outcome of(Tape tape, AllocatorSettings settings, long limit) {
      AllocatorReplay replay = new AllocatorReplay(tape, settings, limit);
      boolean runs = true;
      try {
        replay.run();
      } catch (OutOfMemory e) {
        runs = false;
      }
      return new Outcome(runs, replay.allocator.mostReserved(), replay.allocator.wanted());
    }
  }

  /** The allocator is out of memory. */
  private static final class OutOfMemory extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final OutOfMemory INSTANCE = new OutOfMemory();

    private OutOfMemory() {
      super(null, null, false, false);
    }
  }

  private void run() {
    int firstStep = indexOf(Phase.FORWARD_LAYERS);
    int update = indexOf(Phase.STEP);
    play(0, firstStep, false);
    gradients.clear();
    play(firstStep, update, true);
    playOptimizerStates(firstStep);
    play(update, tape.size(), true);
    dropGradients();
    play(firstStep, tape.size(), true);
  }

  private int indexOf(Phase phase) {
    for (int i = 0; i < tape.size(); i++) {
      if (tape.kind(i) == Tape.Kind.PHASE && tape.phase(i) == phase) {
        return i;
      }
    }
    return tape.size();
  }

  private void play(int from, int to, boolean all) {
    int i = from;
    while (i < to) {
      if (tape.kind(i) == Tape.Kind.REPEAT) {
        int end = endOf(i);
        for (int turn = 0; turn < tape.times(i); turn++) {
          for (int j = i + 1; j < end; j++) {
            play(j, all);
          }
        }
        i = end;
      } else {
        play(i, all);
      }
      i++;
    }
  }

  private int endOf(int repeat) {
    int end = repeat;
    while (tape.kind(end) != Tape.Kind.END) {
      end++;
    }
    return end;
  }

  private void play(int index, boolean all) {
    switch (tape.kind(index)) {
      case BIRTH -> {
        Block block = tape.block(index);
        if (all || block.category() != Category.OPTIMIZER) {
          birth(block);
        }
      }
      case DEATH -> death(tape.block(index));
      case PHASE, REPEAT, END -> {}
    }
  }

  private void playOptimizerStates(int to) {
    int times = 1;
    for (int i = 0; i < to; i++) {
      switch (tape.kind(i)) {
        case REPEAT -> times = tape.times(i);
        case END -> times = 1;
        case BIRTH -> {
          if (tape.block(i).category() == Category.OPTIMIZER) {
            for (int turn = 0; turn < times; turn++) {
              birth(tape.block(i));
            }
          }
        }
        case DEATH, PHASE -> {}
      }
    }
  }

  private void birth(Block block) {
    if (block.bytes() == 0) {
      return;
    }
    ArrayDeque<Chunk> chunks = living.get(block);
    if (chunks == null) {
      chunks = new ArrayDeque<>();
      living.put(block, chunks);
      alike.computeIfAbsent(key(block), unused -> new ArrayList<>()).add(block);
      if (block.category() == Category.GRADIENTS) {
        gradients.add(block);
      }
    }
    Chunk chunk = allocator.allocate(block.bytes(), block.stream());
    if (chunk == null) {
      throw OutOfMemory.INSTANCE;
    }
    chunks.push(chunk);
  }

  /**
   * Frees the youngest instance; where a repeated stretch frees what the turn before it made, that
   * is a block of the same name and size.
   */
  private void death(Block block) {
    if (block.bytes() == 0) {
      return;
    }
    ArrayDeque<Chunk> chunks = living.get(block);
    if (chunks != null && !chunks.isEmpty()) {
      allocator.free(chunks.pop(), block.stream());
      return;
    }
    for (Block other : alike.getOrDefault(key(block), List.of())) {
      ArrayDeque<Chunk> theirs = living.get(other);
      if (!theirs.isEmpty()) {
        allocator.free(theirs.pop(), other.stream());
        return;
      }
    }
  }

  /** {@code zero_grad(set_to_none=True)}. */
  private void dropGradients() {
    for (Block block : gradients) {
      ArrayDeque<Chunk> chunks = living.get(block);
      while (!chunks.isEmpty()) {
        allocator.free(chunks.pop(), block.stream());
      }
    }
  }

  private static String key(Block block) {
    return block.name() + ' ' + block.bytes();
  }
}
