package dev.vramcast.core.market;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;

/**
 * How old a price is, or prices are.
 *
 * @param leastDays days since the last day on which it may have been taken; negative when that day
 *     lies ahead
 * @param mostDays days since the first such day that is known
 * @param orMore whether it may be older than any day that is known
 */
public record PriceAge(long leastDays, long mostDays, boolean orMore) {

  private static final long MANY_DAYS = 60;
  private static final double DAYS_A_MONTH = 365.25 / 12;

  static PriceAge between(PriceDate date, LocalDate today) {
    LocalDate first = date.earliest().orElse(date.latest());
    return new PriceAge(
        ChronoUnit.DAYS.between(date.latest(), today),
        ChronoUnit.DAYS.between(first, today),
        date.earliest().isEmpty());
  }

  /** From the newest of the offers' prices to the oldest; empty without offers. */
  public static Optional<PriceAge> of(Collection<Offer> offers, LocalDate today) {
    return offers.stream().map(offer -> offer.asOf().age(today)).reduce(PriceAge::span);
  }

  private PriceAge span(PriceAge other) {
    return new PriceAge(
        Math.min(leastDays, other.leastDays),
        Math.max(mostDays, other.mostDays),
        orMore || other.orMore);
  }

  /** As {@code 23 days}, {@code 2 to 6 months} or {@code 11 months or more}. */
  public String text() {
    if (mostDays < 0) {
      return "dated " + days(-mostDays) + " ahead";
    }
    boolean many = mostDays >= MANY_DAYS;
    long from = Math.max(0, many ? months(leastDays) : leastDays);
    long to = many ? months(mostDays) : mostDays;
    String most = many ? to + " months" : days(to);
    return (from == to ? most : from + " to " + most) + (orMore ? " or more" : "");
  }

  /** In months, for a column of a table: {@code 2 to 6}, {@code 11+}. */
  public String inMonths() {
    long from = Math.max(0, months(leastDays));
    long to = Math.max(0, months(mostDays));
    return (from == to ? "" + to : from + " to " + to) + (orMore ? "+" : "");
  }

  private static String days(long days) {
    return days == 1 ? "1 day" : days + " days";
  }

  private static long months(long days) {
    return Math.round(days / DAYS_A_MONTH);
  }
}
