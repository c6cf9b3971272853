package dev.vramcast.answers.text;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as people write it: {@code 90s}, {@code 1.5 hours}, {@code 3 wks}. */
public final class TimeText {

  /** The units, for messages. */
  public static final String UNITS = "s, min, h, d or w";

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s*([a-z]{1,7})", Pattern.CASE_INSENSITIVE);

  /** Seconds of each word, the plural of which has an S behind it. */
  private static final Map<String, Long> SECONDS =
      Map.ofEntries(
          entry("s", 1L),
          entry("sec", 1L),
          entry("second", 1L),
          entry("min", 60L),
          entry("minute", 60L),
          entry("h", 3600L),
          entry("hr", 3600L),
          entry("hour", 3600L),
          entry("d", 86_400L),
          entry("day", 86_400L),
          entry("w", 604_800L),
          entry("wk", 604_800L),
          entry("week", 604_800L));

  private TimeText() {}

  /** The time that a text says, to the millisecond; empty where it says none. */
  public static Optional<Duration> read(String text) {
    Matcher match = TEXT.matcher(text.strip());
    return match.matches()
        ? seconds(match.group(2).toLowerCase(Locale.ROOT))
            .map(unit -> new BigDecimal(match.group(1)).multiply(BigDecimal.valueOf(unit)))
            .map(seconds -> Duration.ofMillis(seconds.movePointRight(3).longValue()))
        : Optional.empty();
  }

  private static Optional<Long> seconds(String unit) {
    String singular =
        unit.length() > 2 && unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
    return Optional.ofNullable(SECONDS.get(singular));
  }
}
