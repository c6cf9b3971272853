package dev.vramcast.core.trace.replay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * States on the way of replays of one program. A replay under another limit goes the same way up to
 * the first request that only one of the two drivers refuses, so it begins at the last state
 * before.
 */
final class SavedReplays {

  /** How many states one replay saves at most. */
  private static final int EACH = 16;

  /** How many states all replays save at most. */
  private static final int ALL = 32;

  private final long interval;
  private final List<Saved> saved = new ArrayList<>();

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

  void add(Saved state) {
    if (saved.size() < ALL) {
      saved.add(state);
    }
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
