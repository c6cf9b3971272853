package dev.vramcast.catalog.cloud;

import dev.vramcast.core.market.Offer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who rents out what a text names: {@code p4d.24xlarge} is a machine of AWS, and {@code runpod
 * 4090} a card of RunPod, whatever others ask for such cards.
 *
 * @param provider as price lists name it; empty of a machine that is sold
 * @param machine empty where the text names a card
 */
public record RentedCard(String provider, Optional<CloudMachine> machine) {

  /** Of what names a card; empty where it says nothing of a provider. */
  public static Optional<RentedCard> of(String text) {
    Optional<RentedCard> machine =
        Instances.find(text).map(found -> new RentedCard(found.provider(), Optional.of(found)));
    return machine.or(
        () -> Providers.in(text).map(said -> new RentedCard(said.provider(), Optional.empty())));
  }

  /** Which of these offers are of it. */
  public Predicate<Offer> among(List<Offer> offers) {
    return machine
        .map(found -> found.among(offers))
        .orElse(offer -> Providers.named(offer.provider()).equals(provider));
  }
}
