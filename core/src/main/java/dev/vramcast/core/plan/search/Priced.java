package dev.vramcast.core.plan.search;

import dev.vramcast.core.cost.Bill;
import dev.vramcast.core.cost.Charges;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.search.Timed.Choice;
import dev.vramcast.core.plan.setting.Setting;
import dev.vramcast.core.time.Seconds;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * An offer as it is rented.
 *
 * @param nodes how many such machines
 * @param order among all offers, by which equals are told apart
 * @param dollarsAnHour of all of them
 */
public record Priced(Offer offer, int nodes, int order, double dollarsAnHour) {

  /** So many machines of an offer that has such a price. */
  public static Priced of(Offer offer, int nodes, int order, Purchase purchase) {
    double price = offer.price(purchase).orElseThrow().amount().doubleValue();
    return new Priced(offer, nodes, order, nodes * price);
  }

  public Machine machine() {
    return Machine.of(offer, nodes);
  }

  /**
   * What a setting costs whose machine is paid for so long.
   *
   * @param stored by it on the machine's disk
   */
  double dollars(double seconds, Function<Setting, Stored> stored, Setting setting) {
    Charges beside =
        isCharged() ? Charges.of(stored.apply(setting), nodes, offer.terms()) : Charges.NONE;
    return beside.with(dollarsAnHour).dollars(billed(seconds));
  }

  /** Whether settings pay for what they store, so that one may cost less than a faster one. */
  public boolean isCharged() {
    return Charges.stands(offer.terms());
  }

  /** By what the machines are paid. */
  public Bill bill(Purchase way, Function<Setting, Stored> stored, Setting setting) {
    Stored there = isCharged() ? stored.apply(setting) : Stored.NOTHING;
    return Bill.of(offer, nodes, way, there).orElseThrow();
  }

  /** As {@link OfferTerms#billed}, which never falls where a run takes longer. */
  private double billed(double seconds) {
    OfferTerms terms = offer.terms();
    double whole = seconds + terms.startUp().map(Seconds::of).orElse(0.0);
    return Math.max(whole, terms.leastBilled().map(Seconds::of).orElse(0.0));
  }

  /** Whether the setting is within both limits. */
  boolean isWithin(Limits limits, Choice choice, CertainFit memory) {
    return meetsDeadline(limits, choice) && meetsBudget(limits, choice, memory);
  }

  boolean meetsDeadline(Limits limits, Choice choice) {
    Duration whole =
        choice.billed(limits.confidence()).plus(offer.terms().startUp().orElse(Duration.ZERO));
    return limits.deadline().map(deadline -> whole.compareTo(deadline) <= 0).orElse(true);
  }

  private boolean meetsBudget(Limits limits, Choice choice, CertainFit memory) {
    double seconds = Seconds.of(choice.billed(limits.confidence()));
    return limits.budget().isEmpty()
        || dollars(seconds, memory::stored, choice.setting()) <= limits.budget().getAsDouble();
  }

  /**
   * Whether the machine is known to hold in its own memory what the setting keeps there. A setting
   * that offloads is not tried where nobody says how much memory a machine has.
   */
  boolean holdsOffloaded(Choice choice, CertainFit memory) {
    if (choice.setting().job().parallelism().offload().isEmpty()) {
      return true;
    }
    OptionalLong there = offer.host().memoryBytes();
    return there.isPresent() && memory.hostBytes(choice.setting(), machine()) <= there.getAsLong();
  }
}
