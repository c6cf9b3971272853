package dev.vramcast.core.plan;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.market.Offer;

/** What a job sees of an offer: everything that is offered as this runs it as fast. */
record Machine(Gpu gpu, int count) {

  static Machine of(Offer offer) {
    return new Machine(offer.gpu(), offer.count());
  }
}
