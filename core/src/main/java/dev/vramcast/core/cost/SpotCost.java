package dev.vramcast.core.cost;

import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.UsdPerHour;
import java.time.Duration;
import java.util.function.Function;

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
   * @param beside what is paid beside them
   */
  public static SpotCost of(SpotRun run, UsdPerHour price, OfferTerms terms, Charges beside) {
    Function<Duration, Usd> cost =
        time -> Usd.of(price, terms.billed(time)).plus(beside.usd(terms.billed(time)));
    return new SpotCost(
        cost.apply(run.undisturbed()), cost.apply(run.expected()), cost.apply(run.p90()));
  }
}
