package dev.vramcast.answers.prices;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceAge;
import dev.vramcast.core.market.Purchase;
import java.time.LocalDate;
import java.util.List;

/**
 * Offers with the lists they come from.
 *
 * @param lists all that were read
 * @param offers those that were asked for, the cheapest GPU first
 * @param purchase the kind of price that they are ordered by
 * @param today the day on which ages are told
 * @param cut what a limit on their age left out
 */
public record PricesReport(
    List<LoadedPrices> lists, List<Offer> offers, Purchase purchase, LocalDate today, AgeCut cut)
    implements Answer {

  @Override
  public List<String> lines(Terminal terminal) {
    return PricesTable.lines(this, terminal, false, false);
  }

  @Override
  public Record record() {
    return PricesRecord.of(this);
  }

  /** How old the prices of these offers are together. */
  PriceAge age() {
    return age(offers);
  }

  /** How old the prices of some offers are together. */
  public PriceAge age(List<Offer> some) {
    return PriceAge.of(some, today).orElseThrow();
  }
}
