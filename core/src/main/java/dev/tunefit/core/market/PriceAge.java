package dev.tunefit.core.market;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * How old a price is.
 *
 * @param leastDays days since the last day on which it may have been taken; negative when that day
 *     lies ahead
 * @param mostDays days since the first such day; empty when that is not known
 */
public record PriceAge(long leastDays, OptionalLong mostDays) {

  private static final long MANY_DAYS = 60;
  private static final double DAYS_A_MONTH = 365.25 / 12;

  static PriceAge between(PriceDate date, LocalDate today) {
    OptionalLong most =
        date.earliest()
            .map(first -> OptionalLong.of(ChronoUnit.DAYS.between(first, today)))
            .orElse(OptionalLong.empty());
    return new PriceAge(ChronoUnit.DAYS.between(date.latest(), today), most);
  }

  /** As {@code 23 days}, {@code 2 to 6 months} or {@code 11 months or more}. */
  public String text() {
    if (leastDays < 0) {
      return "dated " + days(-leastDays) + " ahead";
    }
    if (mostDays.isEmpty()) {
      return span(leastDays) + " or more";
    }
    long most = mostDays.getAsLong();
    boolean months = most >= MANY_DAYS;
    long from = months ? months(leastDays) : leastDays;
    long to = months ? months(most) : most;
    return from == to ? span(most) : from + " to " + span(most);
  }

  private static String span(long days) {
    return days < MANY_DAYS ? days(days) : months(days) + " months";
  }

  private static String days(long days) {
    return days == 1 ? "1 day" : days + " days";
  }

  private static long months(long days) {
    return Math.round(days / DAYS_A_MONTH);
  }
}
