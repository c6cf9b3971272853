package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.trace.replay.Replay.Outcome;
import java.util.function.LongFunction;

/**
 * Looks for the limit from which on steps run. More memory does not always help: under a larger
 * limit the allocator gives back less, and what it keeps may lie where the next request does not
 * fit. So limits are tried from one under which steps run downwards, each time twice as far, until
 * one is too small; then the middle between that and the last, until they are a thousandth apart,
 * or the smallest segment.
 */
final class LeastLimit {

  private static final long FRACTION = 1000;

  private final LongFunction<Outcome> replays;
  private final long precision;
  private long stride;
  private long fails;
  private long runs;
  private boolean hasFailed;

  /**
   * A search that has not begun.
   *
   * @param replays how steps go under a limit
   * @param least without which they cannot run, such as the peak of what is allocated
   * @param most with which they run, such as what they take where there is no limit
   */
  LeastLimit(LongFunction<Outcome> replays, long least, long most) {
    this.replays = replays;
    this.precision = Math.max(CachingAllocator.SMALL_SEGMENT, most / FRACTION);
    this.stride = precision;
    this.fails = least - 1;
    this.runs = most;
  }

  /** The least limit so far under which, and under all larger ones that were tried, steps run. */
  long runs() {
    return runs;
  }

  /** The largest limit under which they are known not to run. */
  long fails() {
    return fails;
  }

  /** Whether there is nothing more to look for. */
  boolean isFound() {
    return runs - fails <= precision;
  }

  /** Tries another limit. */
  void look() {
    long middle = fails + (runs - fails) / 2;
    long limit = hasFailed ? middle : Math.max(fails + 1, runs - stride);
    Outcome outcome = replays.apply(limit);
    if (outcome.runs()) {
      // Down to what it holds all goes the same.
      runs = Math.max(fails + 1, Math.min(limit, outcome.held()));
      stride *= 2;
    } else {
      // Up to what it wants.
      fails = Math.min(runs - 1, Math.max(limit, outcome.wanted() - 1));
      hasFailed = true;
    }
  }
}
