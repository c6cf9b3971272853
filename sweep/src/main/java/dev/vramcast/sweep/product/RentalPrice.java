package dev.vramcast.sweep.product;

import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import java.util.Optional;

/**
 * What the machine of a row costs.
 *
 * @param provider in lower case; empty when not known, as are instance and region
 * @param price of the whole machine, or of all machines
 * @param connected whether several of it reach each other by a network that somebody vouches for
 * @param terms for how long it is billed
 * @param asOf when the price was asked for; empty when not known
 */
public record RentalPrice(
    String provider,
    String instance,
    String region,
    Purchase purchase,
    UsdPerHour price,
    OfferTerms terms,
    boolean connected,
    Optional<PriceDate> asOf) {

  /** The same at another price. */
  RentalPrice costing(UsdPerHour other) {
    return new RentalPrice(provider, instance, region, purchase, other, terms, connected, asOf);
  }

  /** That of an offer; empty where it is not to be had this way. */
  public static Optional<RentalPrice> of(Offer offer, Purchase purchase) {
    return offer
        .price(purchase)
        .map(
            price ->
                new RentalPrice(
                    offer.provider(),
                    offer.instance(),
                    offer.region(),
                    purchase,
                    price,
                    offer.terms(),
                    offer.host().networkBits().isPresent(),
                    Optional.of(offer.asOf())));
  }
}
