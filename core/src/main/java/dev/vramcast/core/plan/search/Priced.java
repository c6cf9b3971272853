package dev.vramcast.core.plan.search;

import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import java.time.Duration;

/**
 * An offer as it is rented.
 *
 * @param order among all offers, by which equals are told apart
 * @param dollarsAnHour of the whole machine
 */
public record Priced(Offer offer, int order, double dollarsAnHour) {

  private static final double SECONDS_AN_HOUR = 3600;

  /** An offer that has such a price. */
  public static Priced of(Offer offer, int order, Purchase purchase) {
    double price = offer.price(purchase).orElseThrow().amount().doubleValue();
    return new Priced(offer, order, price);
  }

  double dollars(double seconds) {
    return dollarsAnHour * (seconds / SECONDS_AN_HOUR);
  }

  boolean meetsDeadline(Limits limits, Duration billed) {
    return limits.deadline().map(deadline -> billed.compareTo(deadline) <= 0).orElse(true);
  }

  boolean meetsBudget(Limits limits, double seconds) {
    return limits.budget().isEmpty() || dollars(seconds) <= limits.budget().getAsDouble();
  }
}
