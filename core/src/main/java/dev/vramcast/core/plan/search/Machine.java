package dev.vramcast.core.plan.search;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.market.Offer;

/** What a job sees of an offer: everything that is offered as this runs it as fast. */
public record Machine(Gpu gpu, int count) {

  public static Machine of(Offer offer) {
    return new Machine(offer.gpu(), offer.count());
  }
}
