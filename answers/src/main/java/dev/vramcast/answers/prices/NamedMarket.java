package dev.vramcast.answers.prices;

import dev.vramcast.catalog.cloud.RentedCard;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.machine.MachineSplit;
import dev.vramcast.core.plan.machine.Rent;
import java.util.List;
import java.util.Optional;

/**
 * The part of a market that a job's card names: a machine of a cloud has that cloud's price,
 * whatever others ask for such cards.
 */
public final class NamedMarket {

  private NamedMarket() {}

  /** The whole market where the card's name says nothing of who rents it out. */
  public static Rent.Market of(Rent.Market all, JobDocument job) {
    Optional<RentedCard> named = job.text(JobKey.GPU).flatMap(RentedCard::of);
    return named
        .map(card -> new Rent.Market(gpu -> among(card, all.offers().apply(gpu)), all.today()))
        .orElse(all);
  }

  /**
   * The job with its machines where its GPU's name, or its count, has more than a machine holds:
   * offers are asked for one of them. A name that several GPUs fit is left as it is.
   */
  public static JobDocument inMachines(JobDocument job) {
    Optional<String> text = job.text(JobKey.GPU);
    Optional<GpuMatch> gpu = text.flatMap(NamedMarket::named).filter(g -> g.exceedsAMachine(job));
    return gpu.map(match -> match.counted(job))
        .map(
            counted ->
                counted.with(
                    JobKey.GPU,
                    GpuCatalog.uncounted(text.orElseThrow()),
                    job.place(JobKey.GPU).orElseThrow()))
        .orElse(job);
  }

  /**
   * The job with its machines where it has more GPUs than any offer that it may take, of whatever
   * kind; as it is where it has a number of machines, or where several do not hold as many each.
   */
  public static JobDocument inMachines(JobDocument job, PricesRequest market) {
    boolean several = job.value(JobKey.GPU_COUNT, Integer.class).orElse(1) > 1;
    if (!several || job.has(JobKey.NODES)) {
      return job;
    }
    return MachineSplit.ofAny(job, market.most())
        .filter(split -> split.nodes() > 1)
        .map(split -> split.over(job).with(split.remark()))
        .orElse(job);
  }

  private static Optional<GpuMatch> named(String text) {
    try {
      return Optional.of(GpuCatalog.embedded().find(text));
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private static List<Offer> among(RentedCard card, List<Offer> offers) {
    return offers.stream().filter(card.among(offers)).toList();
  }
}
