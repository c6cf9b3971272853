package dev.vramcast.core.market;

import java.util.List;

/**
 * Offers that are asked about together.
 *
 * @param name what a user calls it: the name of a bundled list, or a file
 * @param title one line on what it is and where it comes from
 */
public record PriceList(String name, String title, List<Offer> offers) {

  public PriceList {
    offers = List.copyOf(offers);
  }
}
