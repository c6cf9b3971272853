package dev.vramcast.core.trace.replay;

import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.replay.Replay.Outcome;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Replays a trace through the caching allocator to find what it takes from the driver. What a
 * replay has shown is remembered: it holds for every limit under which all would go the same, so
 * that cards of many sizes take few replays. May be used by several threads.
 */
public final class AllocatorReplay {

  /** After so many equal steps, the next takes what all further ones do, or nearly so. */
  private static final int SETTLING = 3;

  private final AllocationTrace trace;
  private final AllocatorSettings settings;
  private final HeldBeside beside;
  private final List<Outcome> outcomes = new ArrayList<>();

  /**
   * Of replays on micro-batches of growing length, and the lock for these, which another thread may
   * make beside all others.
   */
  private final List<Outcome> variedOutcomes = new ArrayList<>();

  /** What is held in a step like all others, by limit. */
  private final Map<Long, OptionalLong> lastSteps = new HashMap<>();

  /** Of a rank that keeps more of loading; null where none does. */
  private final @Nullable AllocatorReplay ahead;

  /** The lock for what all replays go through. */
  private final Object shared = new Object();

  /** Null until the first replay. */
  private @Nullable ReplayProgram program;

  /** What replays go through; null where it has not been found, or is forgotten. */
  private @Nullable StepOperations steps;

  /** States on the way of replays; null where they have not been saved, or are forgotten. */
  private @Nullable SavedReplays saved;

  /** Of a trace; nothing is replayed before it is asked for. */
  public AllocatorReplay(AllocationTrace trace, AllocatorSettings settings) {
    this(trace, settings, HeldBeside.NOTHING);
  }

  /** As {@link #AllocatorReplay(AllocationTrace, AllocatorSettings)}, of a step that is not all. */
  public AllocatorReplay(AllocationTrace trace, AllocatorSettings settings, HeldBeside beside) {
    this.trace = trace;
    this.settings = settings;
    this.beside = beside;
    this.ahead =
        beside
            .ahead()
            .map(
                run ->
                    new AllocatorReplay(
                        run.trace(),
                        settings,
                        new HeldBeside(Optional.empty(), 0, beside.loading())))
            .orElse(null);
  }

  /** The same step in an allocator with other settings; what replays have shown is not shared. */
  public AllocatorReplay with(AllocatorSettings other) {
    return new AllocatorReplay(trace, other, beside);
  }

  /** How often two steps were replayed so far; what is known from that takes no other. */
  public synchronized int replays() {
    return outcomes.size();
  }

  /** The step that is replayed. */
  public AllocationTrace trace() {
    return trace;
  }

  /** The most bytes that the allocator holds in two steps on a card without end. */
  public long reservedBytes() {
    return reservedBytes(Long.MAX_VALUE).orElseThrow();
  }

  /**
   * The most bytes that the allocator holds in two steps where the driver has no more than {@code
   * limit} to give; empty when it runs out of memory.
   */
  public OptionalLong reservedBytes(long limit) {
    Outcome outcome = outcome(limit);
    return outcome.runs() ? OptionalLong.of(outcome.held()) : OptionalLong.empty();
  }

  /** Whether two steps run where the driver has no more than {@code limit} bytes to give. */
  public boolean runs(long limit) {
    return outcome(limit).runs();
  }

  /**
   * The least bytes from which on two steps run, as far as limits are tried (see {@link
   * LeastLimit}): before the allocator runs out of memory it gives back what it keeps, so this is
   * less than {@link #reservedBytes}, by all but what is broken into pieces. What replays have
   * saved for one another is forgotten then.
   *
   * @param least bytes without which they cannot run, such as the peak of what is allocated
   * @param most bytes with which they run, such as {@link #reservedBytes}
   */
  public long neededBytes(long least, long most) {
    return neededBytes(least, most, bytes -> true).orElseThrow();
  }

  /**
   * As {@link #neededBytes(long, long)}; empty, and given up early, where it is more than is of
   * use.
   *
   * @param matters whether so many bytes are of use; more are not where fewer are not
   */
  public OptionalLong neededBytes(long least, long most, LongPredicate matters) {
    LeastLimit limit = new LeastLimit(this::outcome, least, most);
    while (!limit.isFound() && matters.test(limit.fails() + 1)) {
      limit.look();
    }
    forget();
    return matters.test(limit.runs()) ? OptionalLong.of(limit.runs()) : OptionalLong.empty();
  }

  /** Whether {@link #neededBytes(long, long)} says no more than so many, by fewer replays. */
  public boolean needsNoMore(long least, long most, long bytes) {
    LeastLimit limit = new LeastLimit(this::outcome, least, most);
    while (!limit.isFound() && limit.runs() > bytes && limit.fails() < bytes) {
      limit.look();
    }
    forget();
    return limit.runs() <= bytes;
  }

  private synchronized void forget() {
    saved = null;
    synchronized (shared) {
      steps = null;
    }
  }

  /**
   * What two steps ask of the allocator, in order, where the driver refuses nothing: to be played
   * through another allocator.
   */
  public List<AllocatorOperation> operations() {
    return ReplayOperations.of(program());
  }

  private ReplayProgram program() {
    synchronized (shared) {
      ReplayProgram written = program;
      if (written == null) {
        written = new ReplayProgram(trace, beside.loading());
        program = written;
      }
      return written;
    }
  }

  private synchronized Outcome outcome(long limit) {
    for (Outcome known : outcomes) {
      if (known.holdsFor(limit)) {
        return known;
      }
    }
    Outcome outcome = FlatReplay.of(steps(), settings, limit, saved());
    outcomes.add(outcome);
    return outcome;
  }

  private StepOperations steps() {
    synchronized (shared) {
      StepOperations known = steps;
      if (known == null) {
        known = new StepOperations(program());
        steps = known;
      }
      return known;
    }
  }

  private SavedReplays saved() {
    SavedReplays known = saved;
    if (known == null) {
      known = SavedReplays.of(steps());
      saved = known;
    }
    return known;
  }

  /**
   * The most bytes that the allocator holds where the driver has no more than {@code limit} to
   * give: in two steps, and where lengths vary, in as many as there are records, the last of which
   * is as long as the trace's; with what waits for other streams and what another rank keeps of
   * loading, as far as there is room. Empty when it runs out of memory.
   */
  public OptionalLong heldBytes(long limit) {
    long endless = reservedBytes();
    return held(
        limit,
        endless <= limit ? OptionalLong.of(endless) : reservedBytes(limit),
        lengths -> varied(limit, lengths));
  }

  /**
   * Of {@link #heldBytes} what readings of the driver show, such as those of nvidia-smi, one a
   * second over many steps: what is held in a step like all others. Where the driver refuses memory
   * the first steps may hold more for moments, and give it back.
   */
  public OptionalLong readBytes(long limit) {
    OptionalLong endless = heldBytes(Long.MAX_VALUE);
    return endless.orElseThrow() <= limit ? endless : read(limit, last(limit));
  }

  private synchronized OptionalLong last(long limit) {
    return lastSteps.computeIfAbsent(
        limit, left -> FlatReplay.last(steps(), settings, left, settled()));
  }

  private OptionalLong read(long limit, OptionalLong last) {
    return last.isPresent()
        ? OptionalLong.of(beside(Math.max(last.orElseThrow(), ofAhead(limit)), limit))
        : last;
  }

  /** Sizes of steps after which one goes as all others. */
  private List<long[]> settled() {
    List<long[]> sizes = new ArrayList<>();
    beside.lengths().ifPresent(lengths -> sizes.addAll(GrowingLengths.of(program(), lengths)));
    sizes.addAll(Collections.nCopies(SETTLING, program().bytes()));
    return sizes;
  }

  private OptionalLong held(
      long limit, OptionalLong steady, Function<VaryingLengths, Outcome> varied) {
    if (steady.isEmpty()) {
      return steady;
    }
    long held = steady.orElseThrow();
    if (beside.lengths().isPresent()) {
      Outcome outcome = varied.apply(beside.lengths().orElseThrow());
      if (!outcome.runs()) {
        return OptionalLong.empty();
      }
      held = Math.max(held, outcome.held());
    }
    held = Math.max(held, ofAhead(limit));
    return OptionalLong.of(beside(held, limit));
  }

  /** With what waits for other streams. */
  private long beside(long held, long limit) {
    return held + Math.min(beside.waiting(), limit - held);
  }

  /** What the rank holds that keeps more of loading, for which it waits where memory runs short. */
  private long ofAhead(long limit) {
    if (ahead == null) {
      return 0;
    }
    long most = reservedBytes() + beside.ahead().orElseThrow().mostBytes();
    return Math.min(limit, Math.min(most, ahead.reservedBytes()));
  }

  private Outcome varied(long limit, VaryingLengths lengths) {
    synchronized (variedOutcomes) {
      for (Outcome known : variedOutcomes) {
        if (known.holdsFor(limit)) {
          return known;
        }
      }
      List<long[]> sizes = GrowingLengths.of(program(), lengths);
      Outcome outcome = FlatReplay.of(steps(), settings, limit, sizes);
      variedOutcomes.add(outcome);
      return outcome;
    }
  }

  /**
   * Replays micro-batches of growing length, where there are any, which {@link #heldBytes} will ask
   * for; given up where the driver would refuse something, as it depends on other replays what is
   * asked for then. May be done beside those for {@link #neededBytes}.
   */
  public void foresee(long limit) {
    if (beside.lengths().isEmpty()) {
      return;
    }
    synchronized (variedOutcomes) {
      if (variedOutcomes.isEmpty()) {
        List<long[]> sizes = GrowingLengths.of(program(), beside.lengths().orElseThrow());
        FlatReplay.unrefused(steps(), settings, limit, sizes).ifPresent(variedOutcomes::add);
      }
    }
  }

  /**
   * As {@link #reservedBytes(long)}, by a replay that goes through every operation, shares nothing
   * with another and remembers nothing: what the others are held to.
   */
  public OptionalLong inFull(long limit) {
    Outcome outcome = Replay.of(program(), settings, limit, List.of());
    return outcome.runs() ? OptionalLong.of(outcome.held()) : OptionalLong.empty();
  }

  /** As {@link #neededBytes(long, long)}, by replays as those of {@link #inFull}. */
  public long neededInFull(long least, long most) {
    LeastLimit limit =
        new LeastLimit(each -> Replay.of(program(), settings, each, List.of()), least, most);
    while (!limit.isFound()) {
      limit.look();
    }
    return limit.runs();
  }

  /** As {@link #heldBytes}, by replays as those of {@link #inFull}. */
  public OptionalLong heldInFull(long limit) {
    return held(
        limit,
        inFull(limit),
        lengths -> Replay.of(program(), settings, limit, GrowingLengths.of(program(), lengths)));
  }

  /** As {@link #readBytes}, by replays as those of {@link #inFull}. */
  public OptionalLong readInFull(long limit) {
    OptionalLong endless = heldInFull(Long.MAX_VALUE);
    return endless.orElseThrow() <= limit
        ? endless
        : read(limit, Replay.last(program(), settings, limit, settled()));
  }
}
