package dev.vramcast.core.cost;

/**
 * What a run costs on spot machines.
 *
 * @param undisturbed if it happens never to be interrupted
 * @param expected on average
 * @param p90 at most, in nine of ten runs
 */
public record SpotCost(Usd undisturbed, Usd expected, Usd p90) {

  /** The cost of a run. */
  public static SpotCost of(SpotRun run, Bill bill) {
    return new SpotCost(
        bill.whole(run.undisturbed()), bill.whole(run.expected()), bill.whole(run.p90()));
  }
}
