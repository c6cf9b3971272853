package dev.vramcast.core.cost;

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
   */
  public static SpotCost of(SpotRun run, UsdPerHour price) {
    return new SpotCost(
        Usd.of(price, run.undisturbed()), Usd.of(price, run.expected()), Usd.of(price, run.p90()));
  }
}
