package dev.vramcast.catalog.gpu;

import static java.util.stream.Collectors.joining;

import dev.vramcast.catalog.cloud.RentedCard;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.Offer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The offers that a filter of GPUs names. A name that says who rents it out has its own card, count
 * and provider; all others of the list are one filter, and mean anybody's.
 */
public final class NamedOffers {

  /**
   * A part of the list.
   *
   * @param rented empty where nothing says by whom
   */
  private record Part(GpuFilter filter, Optional<RentedCard> rented) {

    Predicate<Offer> among(List<Offer> offers, Function<GpuFilter, List<Gpu>> meant) {
      Set<Gpu> gpus = new HashSet<>(meant.apply(filter));
      Predicate<Offer> offered =
          offer -> gpus.contains(offer.gpu()) && filter.matchesCount(offer.count());
      return rented.map(card -> offered.and(card.among(offers))).orElse(offered);
    }
  }

  private final List<Part> parts = new ArrayList<>();

  private NamedOffers() {}

  /**
   * Reads a filter.
   *
   * @throws InputException as {@link GpuFilter#parse}
   */
  public static NamedOffers of(String text) {
    if (GpuFilter.countsEach(text)) {
      NamedOffers each = new NamedOffers();
      for (String one : text.split(",", -1)) {
        each.parts.addAll(of(one).parts);
      }
      return each;
    }
    List<String> said = List.of(text.strip().split(":", -1));
    List<String> lists = said.stream().filter(GpuFilter::isName).toList();
    NamedOffers named = new NamedOffers();
    List<String> others = new ArrayList<>();
    if (lists.size() == 1) {
      String ofAll =
          said.stream()
              .filter(part -> !GpuFilter.isName(part))
              .map(part -> ":" + part)
              .collect(joining());
      for (String name : lists.get(0).split(",", -1)) {
        Optional<RentedCard> rented = RentedCard.of(name.strip());
        if (rented.isPresent()) {
          named.parts.add(new Part(GpuFilter.parse(name + ofAll), rented));
        } else {
          others.add(name);
        }
      }
      if (!others.isEmpty()) {
        named.add(String.join(",", others) + ofAll);
      }
    } else {
      named.add(text);
    }
    return named;
  }

  private void add(String filter) {
    parts.add(new Part(GpuFilter.parse(filter), Optional.empty()));
  }

  /**
   * Which of these offers they are.
   *
   * @param meant the GPUs of a filter
   */
  public Predicate<Offer> among(List<Offer> offers, Function<GpuFilter, List<Gpu>> meant) {
    return parts.stream()
        .map(part -> part.among(offers, meant))
        .reduce(Predicate::or)
        .orElseThrow();
  }

  /** How many GPUs a machine has; empty where that is open, or not the same in all parts. */
  public OptionalInt count() {
    Stream<OptionalInt> counts = parts.stream().map(part -> part.filter().count()).distinct();
    List<OptionalInt> all = counts.toList();
    return all.size() == 1 ? all.get(0) : OptionalInt.empty();
  }
}
