package dev.vramcast.catalog.price.refresh;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches sources, and keeps what they offer where it is to be believed; where it is not, what was
 * kept before stays.
 */
public record Refresh(SourceClient client, KeptPrices kept, PriceDate day) {

  /** Prices of a market do not change so much between two days: it is another currency. */
  private static final double MOST_CHANGE = 4;

  /** Fewer cards in common say nothing about all prices, unless they change by far more. */
  private static final int FEWEST_IN_COMMON = 3;

  /** No machine changes so much: it is another unit. */
  private static final double MOST_CHANGE_OF_FEW = 20;

  /** A list that shrinks to less is cut off. */
  private static final double LEAST_SHARE = 1 / 3.0;

  /**
   * What became of a source.
   *
   * @param offers that are kept now, of this day or an earlier one
   * @param leftOut what could not be used of the answer, for people
   * @param failure why the answer is not used; empty where it is
   */
  public record Outcome(
      PriceSource source,
      List<Offer> offers,
      List<Notice> leftOut,
      Optional<InputException> failure) {

    public Outcome {
      offers = List.copyOf(offers);
      leftOut = List.copyOf(leftOut);
    }
  }

  /** Fetches one. */
  public Outcome of(PriceSource source) {
    List<Offer> before =
        kept.of(source.name()).map(prices -> prices.list().offers()).orElse(List.of());
    try {
      Answered answered = SourceForms.read(source, client.fetch(source), day);
      List<Offer> offers = sorted(answered.offers());
      check(source, offers, before);
      kept.keep(source.name(), offers);
      return new Outcome(source, offers, answered.leftOut(), Optional.empty());
    } catch (InputException e) {
      return new Outcome(source, before, List.of(), Optional.of(e));
    }
  }

  private void check(PriceSource source, List<Offer> offers, List<Offer> before) {
    if (offers.isEmpty()) {
      throw refusal(
          source, InputError.of("offers no machine that is known").kind(ErrorKind.UNAVAILABLE));
    }
    if (offers.size() < LEAST_SHARE * before.size()) {
      throw refusal(
          source,
          InputError.of("offers ", offers.size(), " machines, of ", before.size())
              .kind(ErrorKind.UNAVAILABLE)
              .and(" that there were before"));
    }
    List<Offer> known = before.isEmpty() ? ofProvider(source.provider()) : before;
    change(offers, known)
        .ifPresent(
            factor -> {
              throw refusal(
                  source,
                  InputError.of("asks %.3g times as much as before".formatted(factor))
                      .kind(ErrorKind.UNAVAILABLE)
                      .and(" for the same machines, so its prices may not be dollars an hour"));
            });
  }

  private static InputException refusal(PriceSource source, InputError error) {
    return error.at(Place.of(source.address().toString())).refusal();
  }

  private static List<Offer> ofProvider(String provider) {
    LoadedPrices market = KeptPrices.NONE.usual().get(0);
    return market.list().offers().stream()
        .filter(offer -> offer.provider().equals(provider))
        .toList();
  }

  /** How prices changed in the middle, by what the cheapest such machine costs, if too much. */
  private static Optional<Double> change(List<Offer> offers, List<Offer> before) {
    Map<String, BigDecimal> now = cheapest(offers);
    List<Double> factors = new ArrayList<>();
    cheapest(before)
        .forEach(
            (machine, price) ->
                Optional.ofNullable(now.get(machine))
                    .ifPresent(asked -> factors.add(asked.doubleValue() / price.doubleValue())));
    double most = factors.size() < FEWEST_IN_COMMON ? MOST_CHANGE_OF_FEW : MOST_CHANGE;
    return factors.stream()
        .sorted()
        .skip(factors.size() / 2)
        .findFirst()
        .filter(factor -> factor > most || factor < 1 / most);
  }

  private static Map<String, BigDecimal> cheapest(List<Offer> offers) {
    Map<String, BigDecimal> cheapest = new HashMap<>();
    for (Offer offer : offers) {
      offer
          .onDemand()
          .ifPresent(
              price ->
                  cheapest.merge(
                      offer.count() + " " + offer.gpu().name(), price.amount(), BigDecimal::min));
    }
    return cheapest;
  }

  private static List<Offer> sorted(List<Offer> offers) {
    return offers.stream()
        .distinct()
        .sorted(
            Comparator.comparing(Offer::instance)
                .thenComparing(Offer::count)
                .thenComparing(Offer::region))
        .toList();
  }
}
