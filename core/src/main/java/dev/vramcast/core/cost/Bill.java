package dev.vramcast.core.cost;

import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import java.time.Duration;
import java.util.Optional;

/**
 * By what a run's machines are paid.
 *
 * @param price of all machines together
 * @param terms for how long they are billed
 * @param charges for what is paid beside them
 */
public record Bill(UsdPerHour price, OfferTerms terms, Charges charges) {

  /** Of so many machines of an offer; empty where they are not rented that way. */
  public static Optional<Bill> of(Offer offer, int machines, Purchase way, Stored stored) {
    return offer
        .price(way, machines)
        .map(price -> new Bill(price, offer.terms(), Charges.of(stored, machines, offer.terms())));
  }

  /** Of machines alone, which are paid for as long as they run. */
  public static Bill of(UsdPerHour price) {
    return new Bill(price, OfferTerms.UNKNOWN, Charges.NONE);
  }

  /** For how long machines are paid that run something for so long. */
  public Duration billed(Duration time) {
    return terms.billed(time);
  }

  /** All that a run of some time costs: the price times what is billed, and what is beside it. */
  public Usd whole(Duration time) {
    return Usd.of(price, billed(time)).plus(beside(time));
  }

  /** What of it is storage and what is carried home. */
  public Usd beside(Duration time) {
    return charges.usd(billed(time));
  }

  /** The same of a part of a run, which starts no machine and carries nothing home. */
  public Bill ofPart() {
    return new Bill(price, OfferTerms.UNKNOWN, new Charges(charges.dollarsAnHour(), 0));
  }
}
