package dev.vramcast.answers.prices;

import dev.vramcast.catalog.cloud.RentedCard;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
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

  private static List<Offer> among(RentedCard card, List<Offer> offers) {
    return offers.stream().filter(card.among(offers)).toList();
  }
}
