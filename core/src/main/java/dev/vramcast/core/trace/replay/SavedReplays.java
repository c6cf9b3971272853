package dev.vramcast.core.trace.replay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * States on the way of replays of one program. A replay under another limit goes the same way up to
 * the first request that only one of the two drivers refuses, so it begins at the last state
 * before. Of one thread at a time: {@link AllocatorReplay} locks itself around the replays that
 * share these.
 */
final class SavedReplays {

  /** How many states one replay saves at most. */
  private static final int EACH = 16;

  /** How many states all replays save at most. */
  private static final int ALL = 32;

  private final long interval;
  private final List<Saved> saved = new ArrayList<>();

  /** A replay that nobody goes on with, in whose room the next is put; null when there is none. */
  private @Nullable FlatReplay unused;

  /**
   * A state before a piece of a step's operations.
   *
   * @param replay which is not gone on with: copies of it are
   */
  record Saved(FlatReplay replay, int step, int piece) {

    /** Whether a replay under a limit would have come here. */
    boolean holdsFor(long limit) {
      return new Replay.Outcome(true, replay.held(), replay.wanted()).holdsFor(limit);
    }

    /** Whether all replays that would have come here would come to where another is, further on. */
    private boolean isPassed(FlatReplay other) {
      return other.held() == replay.held()
          && other.wanted() == replay.wanted()
          && other.done() >= replay.done();
    }
  }

  private SavedReplays(long interval) {
    this.interval = interval;
  }

  /** For a replay that saves none. */
  static SavedReplays none() {
    return new SavedReplays(Long.MAX_VALUE);
  }

  /** None of these steps yet; none ever where their operations are not kept. */
  static SavedReplays of(StepOperations operations) {
    return operations.areKept() ? new SavedReplays(operations.length() / EACH + 1) : none();
  }

  /** After how many operations a replay saves its state. */
  long interval() {
    return interval;
  }

  /**
   * Saves the state of a replay before a piece of a step's operations, in the place of those that
   * are of no use beside it: as long as the driver gives no more, the last is all that is begun at.
   */
  void add(FlatReplay replay, int step, int piece) {
    for (int i = saved.size() - 1; i >= 0; i--) {
      if (saved.get(i).isPassed(replay)) {
        unused = saved.remove(i).replay();
      }
    }
    if (saved.size() < ALL) {
      saved.add(new Saved(replay.copy(Long.MAX_VALUE, takeUnused()), step, piece));
    }
  }

  /** Takes a replay that nobody goes on with, and that is not saved. */
  void discard(FlatReplay replay) {
    unused = replay;
  }

  /** Of what is not used any more, whose room whoever takes it has for himself. */
  @Nullable FlatReplay takeUnused() {
    FlatReplay taken = unused;
    unused = null;
    return taken;
  }

  /** The state furthest on the way of a replay under a limit; null when there is none. */
  @Nullable Saved furthest(long limit) {
    Saved best = null;
    for (Saved each : saved) {
      if (each.holdsFor(limit) && (best == null || each.replay().done() > best.replay().done())) {
        best = each;
      }
    }
    return best;
  }
}
