package dev.vramcast.core.cost;

import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.UsdPerHour;

/**
 * What a run costs on spot machines.
 *
 * @param undisturbed if it happens never to be interrupted
 * @param expected on average
 * @param p90 at most, in nine of ten runs
 */
public record SpotCost(Usd undisturbed, Usd expected, Usd p90) {

  /**
   * The cost of a run.
   *
   * @param price of all machines together
   * @param terms for how long machines are billed
   */
  public static SpotCost of(SpotRun run, UsdPerHour price, OfferTerms terms) {
    return new SpotCost(
        Usd.of(price, terms.billed(run.undisturbed())),
        Usd.of(price, terms.billed(run.expected())),
        Usd.of(price, terms.billed(run.p90())));
  }
}
