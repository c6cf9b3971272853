package dev.vramcast.core.time;

import java.time.Duration;

/** Between seconds as numbers, which sums need, and durations, which readers need. */
public final class Seconds {

  private static final double NANOS = 1e9;

  /** Above this a duration of nanoseconds overflows: 292 years. */
  private static final double LONGEST = Long.MAX_VALUE / NANOS;

  /** So many seconds that sums of a few still are durations; the universe is half as old. */
  private static final double UTMOST = 1e18;

  private Seconds() {}

  /** Rounded to nanoseconds; whole seconds where those would overflow, and 10^18 at most. */
  public static Duration duration(double seconds) {
    return seconds < LONGEST
        ? Duration.ofNanos(Math.round(seconds * NANOS))
        : Duration.ofSeconds((long) Math.min(seconds, UTMOST));
  }

  /** Seconds, to a nanosecond where a double holds it. */
  public static double of(Duration duration) {
    return duration.getSeconds() + duration.getNano() / NANOS;
  }
}
