package dev.vramcast.catalog.price.refresh;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.market.Offer;
import java.util.List;

/**
 * What a source offers.
 *
 * @param leftOut for each offer that could not be used, why, for people
 */
record Answered(List<Offer> offers, List<Notice> leftOut) {

  Answered {
    offers = List.copyOf(offers);
    leftOut = List.copyOf(leftOut);
  }
}
