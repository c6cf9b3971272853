package dev.vramcast.core.plan.search;

import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import java.util.List;

/**
 * What there is to be rented, and what of it is wanted.
 *
 * @param offers the whole market
 * @param nodes any number of machines of an offer among these may be rented together
 * @param filters which of the offers may be rented
 */
public record Rentals(
    List<Offer> offers, List<Integer> nodes, List<OfferFilter> filters, Purchase purchase) {

  public Rentals {
    offers = List.copyOf(offers);
    nodes = List.copyOf(nodes);
    filters = List.copyOf(filters);
  }

  /** Any of these, one machine at a time and on demand. */
  public static Rentals of(List<Offer> offers) {
    return new Rentals(offers, List.of(1), List.of(), Purchase.ON_DEMAND);
  }

  /** The same with other numbers of machines. */
  Rentals on(List<Integer> machines) {
    return new Rentals(offers, machines, filters, purchase);
  }
}
