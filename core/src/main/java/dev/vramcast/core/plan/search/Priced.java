package dev.vramcast.core.plan.search;

import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.time.Seconds;
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
    return dollarsAnHour * (billed(seconds) / SECONDS_AN_HOUR);
  }

  /** As {@link OfferTerms#billed}, which never falls where a run takes longer. */
  private double billed(double seconds) {
    OfferTerms terms = offer.terms();
    double whole = seconds + terms.startUp().map(Seconds::of).orElse(0.0);
    return Math.max(whole, terms.leastBilled().map(Seconds::of).orElse(0.0));
  }

  boolean meetsDeadline(Limits limits, Duration billed) {
    Duration whole = billed.plus(offer.terms().startUp().orElse(Duration.ZERO));
    return limits.deadline().map(deadline -> whole.compareTo(deadline) <= 0).orElse(true);
  }

  boolean meetsBudget(Limits limits, double seconds) {
    return limits.budget().isEmpty() || dollars(seconds) <= limits.budget().getAsDouble();
  }
}
