package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.allocator.flat.FlatAllocator;
import dev.vramcast.core.input.Interruption;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.replay.Replay.Outcome;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Does what {@link Replay} does, by operations that were found before and an allocator whose state
 * is saved on the way.
 */
final class FlatReplay implements Instances.Reader {

  /** A part takes so many bits beside which pool of its lane it is of. */
  private static final int PART_BITS = 26;

  private static final int PARTS = (1 << PART_BITS) - 1;

  private final StepOperations operations;
  private final FlatAllocator allocator;
  private final long limit;
  private final SavedReplays saved;
  private final int warmUp;

  /** Finds the operations where they are not kept. */
  private final @Nullable Instances instances;

  /** Of each block. */
  private long[] sizes;

  private int[] pools;

  /** By lane, then by place: the part that is handed out, and in the last bits its pool. */
  private final int[][] living;

  private final Lanes lanes;

  /** Operations until now, and with how many the state is saved next. */
  private long done;

  private long next;

  /** With more, a replay under no limit is given up. */
  private long most = Long.MAX_VALUE;

  private boolean runs = true;

  private FlatReplay(
      StepOperations operations, AllocatorSettings settings, long limit, SavedReplays saved) {
    ReplayProgram program = operations.program();
    this.operations = operations;
    this.limit = limit;
    this.saved = saved;
    this.warmUp = program.warmUp() & ~ReplayProgram.AT_ONCE;
    this.instances = operations.areKept() ? null : new Instances(program, this);
    this.sizes = program.bytes();
    this.pools = program.pools();
    this.allocator = new FlatAllocator(settings, limit);
    this.living = new int[Lanes.COUNT][0];
    this.lanes = new Lanes(program.streams());
    this.next = saved.interval();
  }

  private FlatReplay(FlatReplay other, long limit, @Nullable FlatReplay unused) {
    this.operations = other.operations;
    this.limit = limit;
    this.saved = other.saved;
    this.warmUp = other.warmUp;
    this.instances = null;
    this.sizes = other.sizes;
    this.pools = other.pools;
    this.allocator = other.allocator.copy(limit, unused == null ? null : unused.allocator);
    this.living = new int[Lanes.COUNT][];
    Arrays.setAll(living, lane -> other.living[lane].clone());
    this.lanes = other.lanes.copy();
    this.done = other.done;
    this.next = other.done + saved.interval();
  }

  /**
   * The same state under another limit, from which it goes on apart from this one.
   *
   * @param unused a replay that nobody goes on with, whose room is taken; null for new room
   */
  FlatReplay copy(long other, @Nullable FlatReplay unused) {
    return new FlatReplay(this, other, unused);
  }

  /** How two steps go, which begin where others have gone the same way. */
  static Outcome of(
      StepOperations operations, AllocatorSettings settings, long limit, SavedReplays saved) {
    SavedReplays.Saved start = saved.furthest(limit);
    FlatReplay replay;
    if (start == null) {
      replay = new FlatReplay(operations, settings, limit, saved);
      replay.run(0);
      replay.run(1);
    } else {
      replay = start.replay().copy(limit, saved.takeUnused());
      replay.run(start.step(), start.piece());
      if (start.step() == 0) {
        replay.run(1);
      }
    }
    saved.discard(replay);
    return replay.outcome();
  }

  /**
   * How a step with each of these sizes goes, then one with those of the program.
   *
   * @param lengths by step, then by number of the block, in bytes
   */
  static Outcome of(
      StepOperations operations, AllocatorSettings settings, long limit, List<long[]> lengths) {
    return unrefused(operations, settings, limit, lengths)
        .orElseGet(() -> limited(operations, settings, limit, lengths).outcome());
  }

  /**
   * As {@link #of(StepOperations, AllocatorSettings, long, List)}, found faster where all takes no
   * more than the limit, so that the driver refuses nothing; else empty.
   */
  static Optional<Outcome> unrefused(
      StepOperations operations, AllocatorSettings settings, long limit, List<long[]> lengths) {
    FlatReplay endless = new FlatReplay(operations, settings, Long.MAX_VALUE, SavedReplays.none());
    endless.most = limit;
    if (operations.areKept()) {
      endless.runByLanes(lengths);
    } else {
      endless.run(lengths);
    }
    return endless.runs || limit == Long.MAX_VALUE
        ? Optional.of(endless.outcome())
        : Optional.empty();
  }

  /**
   * The most that is held at a time in the last step, as those of {@link #of(StepOperations,
   * AllocatorSettings, long, List)} go; empty when the replay runs out of memory.
   */
  static OptionalLong last(
      StepOperations operations, AllocatorSettings settings, long limit, List<long[]> lengths) {
    FlatReplay limited = limited(operations, settings, limit, lengths);
    return limited.runs ? OptionalLong.of(limited.allocator.mostOfStep()) : OptionalLong.empty();
  }

  private static FlatReplay limited(
      StepOperations operations, AllocatorSettings settings, long limit, List<long[]> lengths) {
    FlatReplay limited = new FlatReplay(operations, settings, limit, SavedReplays.none());
    limited.run(lengths);
    return limited;
  }

  private void run(List<long[]> lengths) {
    for (int step = 0; step < lengths.size(); step++) {
      resize(lengths.get(step));
      run(step);
    }
    resize(operations.program().bytes());
    run(lengths.size());
  }

  /** Goes through steps by lanes, each as a whole, where the driver refuses nothing. */
  private void runByLanes(List<long[]> lengths) {
    SortedSteps steps = new SortedSteps(operations, lanes);
    for (int step = 0; step <= lengths.size() && runs; step++) {
      resize(step < lengths.size() ? lengths.get(step) : operations.program().bytes());
      steps.sort(step, pools);
      for (int lane = 0; lane < Lanes.COUNT && runs; lane++) {
        runLane(lane);
      }
    }
  }

  private void runLane(int lane) {
    int length = lanes.length(lane);
    for (int from = 0; from < length && runs; from += Instances.WINDOW) {
      Interruption.check();
      read(lane, lanes.sorted(lane), from, Math.min(length, from + Instances.WINDOW));
      runs = held() <= most;
    }
  }

  private Outcome outcome() {
    return new Outcome(runs, held(), wanted());
  }

  long held() {
    return allocator.mostReserved();
  }

  long wanted() {
    return allocator.wanted();
  }

  long done() {
    return done;
  }

  private void resize(long[] changed) {
    Stream[] streams = operations.program().streams();
    int[] resized = new int[changed.length];
    for (int i = 0; i < resized.length; i++) {
      resized[i] = FlatAllocator.pool(changed[i], streams[i]);
    }
    sizes = changed;
    pools = resized;
  }

  private void run(int step) {
    allocator.beginStep();
    if (instances == null) {
      run(step, 0);
    } else {
      instances.step(step);
    }
  }

  private void run(int step, int first) {
    List<int[]> pieces = operations.step(step);
    for (int piece = first; piece < pieces.size() && runs; piece++) {
      if (done >= next) {
        saved.add(this, step, piece);
        next = done + saved.interval();
      }
      read(pieces.get(piece));
    }
  }

  @Override
  public boolean read(int[] piece) {
    Interruption.check();
    if (limit < Long.MAX_VALUE) {
      readInOrder(piece);
    } else if (runs) {
      readByLanes(piece);
      runs = held() <= most;
    }
    done += piece.length / 2;
    return runs;
  }

  private void readInOrder(int[] piece) {
    for (int i = 0; i < piece.length && runs; i += 2) {
      go(lanes.of(piece[i], piece[i + 1], pools), piece[i], piece[i + 1]);
    }
  }

  private void readByLanes(int[] piece) {
    lanes.clear();
    lanes.sort(piece, pools);
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      if (lanes.length(lane) > 0) {
        read(lane, lanes.sorted(lane), 0, lanes.length(lane));
      }
    }
  }

  /** Goes through operations of a lane, at least one: its pool is made, and copied from then on. */
  private void read(int lane, int[] sorted, int from, int to) {
    if (lanes.areApart() && allocator.plays(lane)) {
      living[lane] = allocator.play(lane, sorted, from, to, sizes, living[lane]);
    } else {
      for (int i = from; i < to; i += 2) {
        go(lane, sorted[i], sorted[i + 1]);
      }
    }
  }

  private void go(int lane, int place, int number) {
    if (place < 0) {
      int part = living[lane][~place];
      allocator.free(part & PARTS, lane + (part >>> PART_BITS));
    } else {
      runs = allocate(lane, place, number);
    }
  }

  /** Whether there was memory for it. */
  private boolean allocate(int lane, int place, int number) {
    long size = sizes[number];
    int pool = pools[number];
    if (place == FlatAllocator.WAIT) {
      allocator.waitForStreams();
      return true;
    }
    if (place == FlatAllocator.REDUCED) {
      allocator.reduced();
      return true;
    }
    if (place == FlatAllocator.AT_ONCE) {
      return roomFor(size, pool) || passes(size, pool) || number == warmUp;
    }
    boolean stays = place == FlatAllocator.FOR_GOOD;
    int part = allocator.allocate(size, pool, stays);
    if (!stays) {
      if (place >= living[lane].length) {
        living[lane] = Arrays.copyOf(living[lane], Math.max(256, 2 * place));
      }
      living[lane][place] = part | (pool - lane) << PART_BITS;
    }
    return part != FlatAllocator.OUT_OF_MEMORY;
  }

  private boolean roomFor(long size, int pool) {
    boolean room = allocator.hasRoom(size, pool);
    if (room) {
      allocator.launched(pool);
    }
    return room;
  }

  private boolean passes(long size, int pool) {
    int part = allocator.allocate(size, pool, false);
    if (part == FlatAllocator.OUT_OF_MEMORY) {
      return false;
    }
    allocator.free(part, pool);
    return true;
  }
}
