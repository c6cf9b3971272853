package dev.vramcast.core.cost;

import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.time.Seconds;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * What a run pays beside the time of its machines: storage of what is on their disks, for as long
 * as they are paid for, and what is carried home once.
 *
 * @param dollarsAnHour of storage
 * @param dollarsOnce of what leaves the machine
 */
public record Charges(double dollarsAnHour, double dollarsOnce) {

  /** Nothing is charged, as far as anybody says. */
  public static final Charges NONE = new Charges(0, 0);

  /** Hours of a month by which clouds bill. */
  private static final double HOURS_A_MONTH = 730;

  /** Bytes of a gigabyte, by which clouds bill. */
  private static final double GIGABYTE = 1e9;

  private static final double SECONDS_AN_HOUR = 3600;

  /** Whether terms have a price for either. */
  public static boolean stands(OfferTerms terms) {
    return terms.storageUsdPerGbMonth().isPresent() || terms.egressUsdPerGb().isPresent();
  }

  /**
   * By the terms of an offer.
   *
   * @param machines each of which has a disk as large
   */
  public static Charges of(Stored stored, int machines, OfferTerms terms) {
    double month = machines * (stored.diskBytes() / GIGABYTE);
    return new Charges(
        month * terms.storageUsdPerGbMonth().orElse(0) / HOURS_A_MONTH,
        stored.carriedBytes() / GIGABYTE * terms.egressUsdPerGb().orElse(0));
  }

  /** With so much more by the hour, such as the machines themselves. */
  public Charges with(double moreAnHour) {
    return new Charges(dollarsAnHour + moreAnHour, dollarsOnce);
  }

  /** Dollars of a run whose machines are paid for so long. */
  public double dollars(double seconds) {
    return dollarsAnHour * (seconds / SECONDS_AN_HOUR) + dollarsOnce;
  }

  /** The same, exactly as prices are told. */
  public Usd usd(Duration billed) {
    return new Usd(BigDecimal.valueOf(dollars(Seconds.of(billed))));
  }
}
