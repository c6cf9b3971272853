package dev.tunefit.core.time;

import java.time.Duration;

/** Between seconds as numbers, which sums need, and durations, which readers need. */
public final class Seconds {

  private static final double NANOS = 1e9;

  /** Above this a duration of nanoseconds overflows: 292 years. */
  private static final double LONGEST = Long.MAX_VALUE / NANOS;

  private Seconds() {}

  /** Rounded to nanoseconds; whole seconds where those would overflow. */
  public static Duration duration(double seconds) {
    return seconds < LONGEST
        ? Duration.ofNanos(Math.round(seconds * NANOS))
        : Duration.ofSeconds((long) seconds);
  }

  /** Seconds, to a nanosecond where a double holds it. */
  public static double of(Duration duration) {
    return duration.getSeconds() + duration.getNano() / NANOS;
  }
}
