package dev.vramcast.core.cost;

/**
 * What a run costs on machines that nobody takes away.
 *
 * @param total of the whole run
 * @param low when training is as fast as the fastest of ten runs
 * @param high when it is as slow as the slowest of ten
 */
public record OnDemandCost(Usd total, Usd low, Usd high) {

  /** The cost of some work. */
  public static OnDemandCost of(Work work, Bill bill) {
    return new OnDemandCost(
        bill.whole(work.total()), bill.whole(work.low()), bill.whole(work.high()));
  }
}
