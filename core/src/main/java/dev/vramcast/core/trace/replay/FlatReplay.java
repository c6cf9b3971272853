package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.flat.FlatAllocator;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.replay.Replay.Outcome;
import java.util.Arrays;
import java.util.List;

/** Does what {@link Replay} does, by an allocator whose state is saved on the way. */
final class FlatReplay extends TwoSteps {

  private static final int NOTHING = -1;

  private final ReplayProgram program;
  private final FlatAllocator allocator;
  private final SavedReplays saved;
  private final boolean[] kept;

  /** Of each block with its size. */
  private int[] pools;

  /** The part that is handed out to the youngest instance of each block. */
  private final int[] living;

  /** By part: that of an earlier instance of the same block. */
  private int[] under;

  /** By part: the pool that it is of, which another size of its block may not be. */
  private byte[] from;

  /** Operations until now, and with how many the state is saved next. */
  private long done;

  private long next;

  private FlatReplay(
      ReplayProgram program, AllocatorSettings settings, long limit, SavedReplays saved) {
    super(program);
    this.program = program;
    this.saved = saved;
    this.pools = program.pools();
    this.kept = program.kept();
    this.allocator = new FlatAllocator(settings, limit);
    this.living = new int[blocks()];
    this.under = new int[256];
    this.from = new byte[256];
    this.next = saved.interval();
    Arrays.fill(living, NOTHING);
  }

  private FlatReplay(FlatReplay other, long limit) {
    super(other.program);
    this.program = other.program;
    this.saved = other.saved;
    this.pools = other.pools;
    this.kept = other.kept;
    this.allocator = other.allocator.copy(limit);
    this.living = other.living.clone();
    this.under = other.under.clone();
    this.from = other.from.clone();
    this.done = other.done;
    this.next = other.done + saved.interval();
  }

  /** How a replay goes, which begins where others have gone the same way. */
  static Outcome of(
      ReplayProgram program, AllocatorSettings settings, long limit, SavedReplays saved) {
    SavedReplays.Saved start = saved.furthest(limit);
    FlatReplay replay =
        start == null
            ? new FlatReplay(program, settings, limit, saved)
            : new FlatReplay(start.replay(), limit);
    boolean runs = start == null ? replay.run() : replay.run(start.section(), start.iteration());
    return new Outcome(runs, replay.held(), replay.wanted());
  }

  /**
   * How a replay goes which shares nothing with others.
   *
   * @param lengths as for {@link #run(List)}
   */
  static Outcome of(
      ReplayProgram program, AllocatorSettings settings, long limit, List<long[]> lengths) {
    FlatReplay replay = new FlatReplay(program, settings, limit, SavedReplays.none());
    boolean runs = replay.run(lengths);
    return new Outcome(runs, replay.held(), replay.wanted());
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

  @Override
  void begin(int section, int iteration) {
    if (done >= next) {
      saved.add(new SavedReplays.Saved(new FlatReplay(this, Long.MAX_VALUE), section, iteration));
      next = done + saved.interval();
    }
    done += program.sections().get(section).length();
  }

  @Override
  void resize(long[] changed) {
    super.resize(changed);
    int[] resized = new int[changed.length];
    for (int i = 0; i < resized.length; i++) {
      resized[i] = FlatAllocator.pool(changed[i], stream(i));
    }
    pools = resized;
  }

  @Override
  boolean allocate(int number) {
    boolean stays = kept[number];
    int pool = pools[number];
    int part = allocator.allocate(size(number), pool, stays);
    if (part == FlatAllocator.OUT_OF_MEMORY) {
      return false;
    }
    if (!stays) {
      if (part >= under.length) {
        under = Arrays.copyOf(under, Math.max(part + 1, 2 * under.length));
        from = Arrays.copyOf(from, under.length);
      }
      from[part] = (byte) pool;
      under[part] = living[number];
      living[number] = part;
    }
    return true;
  }

  @Override
  boolean passes(int number) {
    return allocator.hasRoom(size(number), pools[number]) || super.passes(number);
  }

  @Override
  boolean lives(int number) {
    return living[number] != NOTHING;
  }

  @Override
  void freeYoungest(int number) {
    int part = living[number];
    living[number] = under[part];
    allocator.free(part, from[part]);
  }
}
