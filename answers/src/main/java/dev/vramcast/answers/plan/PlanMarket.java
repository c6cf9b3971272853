package dev.vramcast.answers.plan;

import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.prices.PricesRequest;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.search.OfferFilter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The market of a plan: all offers of its lists, and which of them may be rented.
 *
 * @param wanted lists and filters
 * @param count GPUs that a machine has to have; empty for any number
 * @param joins whether as many of an offer as the job has machines run it together
 */
record PlanMarket(PricesRequest wanted, Optional<Integer> count, Predicate<Offer> joins) {

  /** Every offer of the lists. */
  PricesReport all(LocalDate today) {
    return wanted.unfiltered(count.map(PlanMarket::ofCount).orElse(offer -> true), joins, today);
  }

  /**
   * The filters that are given, in their order.
   *
   * @throws InputException when one of them, or a purchase, leaves nothing by itself
   */
  List<OfferFilter> filters(PricesReport all) {
    List<OfferFilter> filters = new ArrayList<>();
    wanted
        .gpu()
        .map(text -> wanted.ofGpu(text, all.offers()))
        .ifPresent(gpu -> filters.add(filter("--gpu", gpu)));
    count
        .map(PlanMarket::ofCount)
        .ifPresent(machine -> filters.add(filter(JobKey.GPU_COUNT.flag(), machine)));
    if (!wanted.providers().isEmpty()) {
      filters.add(filter("--provider", wanted::isOfProvider));
    }
    if (!wanted.regions().isEmpty()) {
      filters.add(filter("--region", wanted::isInRegion));
    }
    for (OfferFilter filter : filters) {
      if (all.offers().stream().noneMatch(filter.keeps())) {
        wanted.report(all.today());
        InputError none =
            InputError.about(Subject.option(filter.name()))
                .kind(ErrorKind.NO_MATCH)
                .and(" ", said(filter), " leaves none of the ", all.offers().size(), " offers");
        int most = all.offers().stream().mapToInt(Offer::count).max().orElse(1);
        boolean ofCount = filter.name().equals(JobKey.GPU_COUNT.flag());
        throw (ofCount && count.orElse(0) > most
                ? none.hint("none has more than ", most, "; ", JobKey.NODES, " takes several")
                : none)
            .refusal();
      }
    }
    return filters;
  }

  /** What stands behind a filter's option. */
  private Phrase said(OfferFilter filter) {
    return switch (filter.name()) {
      case "--gpu" -> Phrase.of(Shown.given(wanted.gpu().orElseThrow()));
      case "--provider" -> Phrase.of(Shown.given(String.join(",", wanted.providers())));
      case "--region" -> Phrase.of(Shown.given(String.join(",", wanted.regions())));
      default -> Phrase.of(count.orElseThrow());
    };
  }

  private static OfferFilter filter(String name, Predicate<Offer> keeps) {
    return new OfferFilter(name, keeps);
  }

  private static Predicate<Offer> ofCount(int count) {
    return offer -> offer.count() == count;
  }
}
