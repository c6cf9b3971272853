package dev.vramcast.answers.text;

import java.math.RoundingMode;
import java.time.Duration;

/** How durations are written for people. */
public final class Spans {

  private static final double MINUTE = 60;
  private static final double HOUR = 3600;
  private static final double DAY = 86_400;
  private static final double NANOS = 1e9;

  private Spans() {}

  /** In the unit that leaves one to three digits before the point, e.g. {@code 12.5 h}. */
  public static String text(Duration time) {
    return text(time, RoundingMode.HALF_UP);
  }

  /** The same, never less than the time, for one that a limit has to leave. */
  public static String upTo(Duration time) {
    return text(time, RoundingMode.CEILING);
  }

  private static String text(Duration time, RoundingMode rounding) {
    double seconds = time.getSeconds() + time.getNano() / NANOS;
    if (seconds < 2 * MINUTE) {
      return Gib.rounded(seconds, 2, rounding) + " s";
    } else if (seconds < 2 * HOUR) {
      return Gib.rounded(seconds / MINUTE, 1, rounding) + " min";
    } else if (seconds < 4 * DAY) {
      return Gib.rounded(seconds / HOUR, 1, rounding) + " h";
    }
    return Gib.rounded(seconds / DAY, 1, rounding) + " days";
  }
}
