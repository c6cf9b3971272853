package dev.vramcast.catalog.cloud;

import dev.vramcast.core.market.Offer;
import java.util.List;
import java.util.function.Predicate;

/**
 * A machine that has a name of its own, and the cards in it.
 *
 * @param provider who rents it out, in lower case; empty of one that is sold
 * @param name as its maker writes it
 * @param gpu name of its cards in the catalogue
 * @param count how many
 */
public record CloudMachine(String provider, String name, String gpu, int count) {

  /** Its cards as people write them, such as {@code 8x L4}. */
  public String text() {
    return count + "x " + gpu;
  }

  /**
   * Which offers are of it: those under its name, or where a list has none of these, its provider's
   * of as many such cards; of a machine that is sold, anybody's.
   */
  Predicate<Offer> among(List<Offer> offers) {
    Predicate<Offer> named = offer -> offer.instance().equalsIgnoreCase(name);
    Predicate<Offer> alike =
        offer ->
            offer.gpu().name().equals(gpu)
                && offer.count() == count
                && (provider.isEmpty() || Providers.named(offer.provider()).equals(provider));
    return offers.stream().anyMatch(named) ? named : alike;
  }
}
