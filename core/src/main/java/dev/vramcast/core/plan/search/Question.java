package dev.vramcast.core.plan.search;

import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.time.RunExtras;
import java.util.List;

/**
 * What is to be planned.
 *
 * @param job without GPU and count, with a sequence length and with the data of the run: {@code
 *     data.tokens}, or examples and what they hold
 * @param choices what may be chosen where the job leaves it open
 * @param offers the whole market
 * @param nodes any number of machines of an offer among these may be rented together
 * @param filters which of them may be rented
 * @param extras what the run does beside training
 * @param terms of spot machines
 */
public record Question(
    JobDocument job,
    Choices choices,
    List<Offer> offers,
    List<Integer> nodes,
    List<OfferFilter> filters,
    Purchase purchase,
    Limits limits,
    RunExtras extras,
    SpotTerms terms) {

  public Question {
    offers = List.copyOf(offers);
    nodes = List.copyOf(nodes);
    filters = List.copyOf(filters);
  }

  /** The same with other numbers of machines. */
  public Question on(List<Integer> machines) {
    return new Question(job, choices, offers, machines, filters, purchase, limits, extras, terms);
  }
}
