package dev.vramcast.core.market;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a price held: on a day, or on some day between two.
 *
 * @param earliest empty when it is not known since when
 * @param latest not before {@code earliest}; the same for a single day
 */
public record PriceDate(Optional<LocalDate> earliest, LocalDate latest) {

  private static final String DAY = "(\\d{4}-\\d{2}-\\d{2})";
  private static final Pattern SINGLE = Pattern.compile(DAY);
  private static final Pattern RANGE = Pattern.compile(DAY + "?\\.\\." + DAY);
  private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2099, 12, 31);

  /**
   * @throws IllegalArgumentException when the dates are turned round or outside 2000 to 2099
   */
  public PriceDate {
    LocalDate first = earliest.orElse(latest);
    if (first.isAfter(latest) || first.isBefore(FIRST) || latest.isAfter(LAST)) {
      throw new IllegalArgumentException(first + " to " + latest);
    }
  }

  /** A single day. */
  public static PriceDate of(LocalDate day) {
    return new PriceDate(Optional.of(day), day);
  }

  /**
   * Reads {@code 2026-07-01}, {@code 2026-06-03..2026-09-30} or {@code ..2026-08-21}.
   *
   * @return empty when the text is none of these or no such day exists
   */
  public static Optional<PriceDate> parse(String text) {
    try {
      if (SINGLE.matcher(text).matches()) {
        return Optional.of(of(LocalDate.parse(text)));
      }
      Matcher range = RANGE.matcher(text);
      if (!range.matches()) {
        return Optional.empty();
      }
      Optional<LocalDate> earliest = Optional.ofNullable(range.group(1)).map(LocalDate::parse);
      return Optional.of(new PriceDate(earliest, LocalDate.parse(range.group(2))));
    } catch (DateTimeParseException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** How old the price is on a day. */
  public PriceAge age(LocalDate today) {
    return PriceAge.between(this, today);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return earliest
        .map(first -> first.equals(latest) ? latest.toString() : first + ".." + latest)
        .orElse(".." + latest);
  }
}
