package dev.vramcast.core.plan.search;

import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.search.Timed.Choice;
import dev.vramcast.core.time.Seconds;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * An offer as it is rented.
 *
 * @param nodes how many such machines
 * @param order among all offers, by which equals are told apart
 * @param dollarsAnHour of all of them
 */
public record Priced(Offer offer, int nodes, int order, double dollarsAnHour) {

  private static final double SECONDS_AN_HOUR = 3600;

  /** So many machines of an offer that has such a price. */
  public static Priced of(Offer offer, int nodes, int order, Purchase purchase) {
    double price = offer.price(purchase).orElseThrow().amount().doubleValue();
    return new Priced(offer, nodes, order, nodes * price);
  }

  public Machine machine() {
    return Machine.of(offer, nodes);
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

  /** Whether the setting is within both limits. */
  boolean isWithin(Limits limits, Choice choice) {
    return meetsDeadline(limits, choice) && meetsBudget(limits, choice);
  }

  boolean meetsDeadline(Limits limits, Choice choice) {
    Duration whole =
        choice.billed(limits.confidence()).plus(offer.terms().startUp().orElse(Duration.ZERO));
    return limits.deadline().map(deadline -> whole.compareTo(deadline) <= 0).orElse(true);
  }

  private boolean meetsBudget(Limits limits, Choice choice) {
    double seconds = Seconds.of(choice.billed(limits.confidence()));
    return limits.budget().isEmpty() || dollars(seconds) <= limits.budget().getAsDouble();
  }

  /**
   * Whether the machine is known to hold in its own memory what the setting keeps there. A setting
   * that offloads is not tried where nobody says how much memory a machine has.
   */
  boolean holdsOffloaded(Choice choice, Memory memory) {
    if (choice.setting().job().parallelism().offload().isEmpty()) {
      return true;
    }
    OptionalLong there = offer.host().memoryBytes();
    return there.isPresent() && memory.hostBytes(choice.setting(), machine()) <= there.getAsLong();
  }
}
