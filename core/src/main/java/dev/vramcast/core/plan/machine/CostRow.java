package dev.vramcast.core.plan.machine;

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
import java.util.Optional;

/**
 * The smallest machine on offer with one kind of GPU on which a run fits.
 *
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

  public Work work() {
    return runs.work();
  }

  public Optional<OnDemandCost> onDemandCost() {
    return onDemand.flatMap(
        offer ->
            offer
                .price(Purchase.ON_DEMAND)
                .map(price -> OnDemandCost.of(work(), price, offer.terms(), charges(offer))));
  }

  /** Empty when there is no spot offer or it is hopeless. */
  public Optional<SpotCost> spotCost() {
    return spot.flatMap(
        offer ->
            offer
                .price(Purchase.SPOT)
                .flatMap(
                    price ->
                        spotRun.map(
                            run -> SpotCost.of(run, price, offer.terms(), charges(offer)))));
  }

  /** What of the cost on demand storage and what is carried home are; empty where no list says. */
  public Optional<Usd> besideOnDemand() {
    return onDemand
        .filter(offer -> Charges.stands(offer.terms()))
        .map(offer -> charges(offer).usd(offer.terms().billed(work().total())));
  }

  /** The same of the mean cost on spot. */
  public Optional<Usd> besideSpot() {
    return spot.filter(offer -> Charges.stands(offer.terms()))
        .flatMap(
            offer -> spotRun.map(run -> charges(offer).usd(offer.terms().billed(run.expected()))));
  }

  /** What is paid beside an offer's machine. */
  private Charges charges(Offer offer) {
    return Charges.of(stored, 1, offer.terms());
  }

  /** Whether there is a spot machine on which the run would hardly get on. */
  public boolean isHopeless() {
    return spot.isPresent() && spotRun.isEmpty();
  }

  /** On-demand in total, on spot what is expected. */
  public Optional<Usd> cost(Purchase purchase) {
    return purchase == Purchase.SPOT
        ? spotCost().map(SpotCost::expected)
        : onDemandCost().map(OnDemandCost::total);
  }
}
