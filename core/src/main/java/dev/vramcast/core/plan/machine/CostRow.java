package dev.vramcast.core.plan.machine;

import dev.vramcast.core.cost.Bill;
import dev.vramcast.core.cost.Charges;
import dev.vramcast.core.cost.OnDemandCost;
import dev.vramcast.core.cost.SpotCost;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import java.time.Duration;
import java.util.Optional;

/**
 * The smallest machine on offer with one kind of GPU on which a run fits, or so many such machines
 * as the run says.
 *
 * @param count of one machine
 * @param onDemand the cheapest offer of such a machine; empty when there is none
 * @param spot as {@code onDemand}; often by another provider
 * @param spotRun empty when it is hopeless there
 * @param stored on its disk
 */
public record CostRow(
    Gpu gpu,
    int count,
    Outcome.Runs runs,
    Optional<Offer> onDemand,
    Optional<Offer> spot,
    Optional<SpotRun> spotRun,
    Stored stored) {

  /** Such machines that run it together. */
  public int machines() {
    return runs.check().machines();
  }

  public Work work() {
    return runs.work();
  }

  public Optional<OnDemandCost> onDemandCost() {
    return bill(onDemand, Purchase.ON_DEMAND).map(bill -> OnDemandCost.of(work(), bill));
  }

  /** Empty when there is no spot offer or it is hopeless. */
  public Optional<SpotCost> spotCost() {
    return bill(spot, Purchase.SPOT).flatMap(bill -> spotRun.map(run -> SpotCost.of(run, bill)));
  }

  /** What of the cost on demand storage and what is carried home are; empty where no list says. */
  public Optional<Usd> besideOnDemand() {
    return bill(onDemand.filter(CostRow::isCharged), Purchase.ON_DEMAND)
        .map(bill -> bill.beside(work().total()));
  }

  /** The same of the mean cost on spot. */
  public Optional<Usd> besideSpot() {
    return bill(spot.filter(CostRow::isCharged), Purchase.SPOT)
        .flatMap(bill -> spotRun.map(run -> bill.beside(run.expected())));
  }

  private static boolean isCharged(Offer offer) {
    return Charges.stands(offer.terms());
  }

  private Optional<Bill> bill(Optional<Offer> offer, Purchase way) {
    return offer.flatMap(machine -> Bill.of(machine, machines(), way, stored));
  }

  /** Whether there is a spot machine on which the run would hardly get on. */
  public boolean isHopeless() {
    return spot.isPresent() && spotRun.isEmpty();
  }

  /** What of {@link #cost} storage and what is carried home are; empty where no list says. */
  public Optional<Usd> beside(Purchase purchase) {
    return purchase == Purchase.SPOT ? besideSpot() : besideOnDemand();
  }

  /** On-demand in total, on spot what is expected. */
  public Optional<Usd> cost(Purchase purchase) {
    return purchase == Purchase.SPOT
        ? spotCost().map(SpotCost::expected)
        : onDemandCost().map(OnDemandCost::total);
  }

  /** From the start to the end: on spot what is expected, with what is done again. */
  public Optional<Duration> time(Purchase purchase) {
    return purchase == Purchase.SPOT ? spotRun.map(SpotRun::expected) : Optional.of(work().total());
  }
}
