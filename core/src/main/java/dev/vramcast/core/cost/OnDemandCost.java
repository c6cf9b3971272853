package dev.vramcast.core.cost;

import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.UsdPerHour;

/**
 * What a run costs on machines that nobody takes away.
 *
 * @param total of the whole run
 * @param low when training is as fast as the fastest of ten runs
 * @param high when it is as slow as the slowest of ten
 */
public record OnDemandCost(Usd total, Usd low, Usd high) {

  /**
   * The cost of some work.
   *
   * @param price of all machines together
   * @param terms for how long machines are billed
   */
  public static OnDemandCost of(Work work, UsdPerHour price, OfferTerms terms) {
    return new OnDemandCost(
        Usd.of(price, terms.billed(work.total())),
        Usd.of(price, terms.billed(work.low())),
        Usd.of(price, terms.billed(work.high())));
  }
}
