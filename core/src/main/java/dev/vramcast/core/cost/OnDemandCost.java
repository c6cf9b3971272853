package dev.vramcast.core.cost;

import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.UsdPerHour;
import java.time.Duration;
import java.util.function.Function;

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
   * @param beside what is paid beside them
   */
  public static OnDemandCost of(Work work, UsdPerHour price, OfferTerms terms, Charges beside) {
    Function<Duration, Usd> cost =
        time -> Usd.of(price, terms.billed(time)).plus(beside.usd(terms.billed(time)));
    return new OnDemandCost(
        cost.apply(work.total()), cost.apply(work.low()), cost.apply(work.high()));
  }
}
