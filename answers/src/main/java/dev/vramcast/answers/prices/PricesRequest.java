package dev.vramcast.answers.prices;

import dev.vramcast.catalog.cloud.Providers;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.NamedOffers;
import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What prices are asked for. Every list of words is a choice: one of them has to fit.
 *
 * @param lists names or files; none for what is usual
 * @param kept prices that were fetched
 * @param asOf the day of prices in files without dates
 * @param gpu a filter for GPUs and their count
 * @param providers names
 * @param regions parts of the names of regions or zones
 * @param limit how old prices may be
 */
public record PricesRequest(
    List<String> lists,
    KeptPrices kept,
    Optional<PriceDate> asOf,
    Optional<String> gpu,
    List<String> providers,
    List<String> regions,
    Purchase purchase,
    AgeLimit limit) {

  private static final int MAX_NAMED = 20;

  /** A request for prices of any age. */
  public PricesRequest(
      List<String> lists,
      Optional<PriceDate> asOf,
      Optional<String> gpu,
      List<String> providers,
      List<String> regions,
      Purchase purchase) {
    this(lists, KeptPrices.NONE, asOf, gpu, providers, regions, purchase, AgeLimit.NONE);
  }

  /** The same request for other GPUs. */
  public PricesRequest withGpu(Optional<String> filter) {
    return new PricesRequest(lists, kept, asOf, filter, providers, regions, purchase, limit);
  }

  /**
   * Reads the lists and picks the offers, the cheapest GPU first; a number or a series that is
   * named is every card that goes by it, as in the list of GPUs.
   */
  public PricesReport report(LocalDate today) {
    List<LoadedPrices> loaded = loaded();
    List<Offer> all = loaded.stream().flatMap(prices -> prices.list().offers().stream()).toList();
    refuseUnknownProvider(all);
    boolean spotAlone = purchase == Purchase.SPOT;
    List<Offer> priced =
        keep(all, offer -> !spotAlone || offer.spot().isPresent(), left -> unpriced(loaded));
    List<Offer> wanted = gpu.isPresent() ? ofGpu(priced, gpu.get()) : priced;
    wanted = keep(wanted, this::isOfProvider, left -> none("--provider", providers, names(left)));
    wanted = keep(wanted, this::isInRegion, left -> none("--region", regions, regionsOf(left)));
    AgeLimit.Kept kept = limit.of(wanted, today);
    return report(loaded, kept, today);
  }

  /**
   * All offers of the lists that are young enough, whether the filters keep them or not; where none
   * that they keep is, the youngest of each card.
   *
   * @param also a filter beside those of the request
   * @param useful what is asked for most: where an offer of these is kept, others decide nothing
   */
  public PricesReport unfiltered(Predicate<Offer> also, Predicate<Offer> useful, LocalDate today) {
    List<LoadedPrices> loaded = loaded();
    List<Offer> all =
        keep(
            loaded.stream().flatMap(prices -> prices.list().offers().stream()).toList(),
            offer -> true,
            left -> unpriced(loaded));
    refuseUnknownProvider(all);
    Predicate<Offer> ofGpu = gpu.map(text -> ofGpu(text, all)).orElse(offer -> true);
    Predicate<Offer> asked = ofGpu.and(this::isOfProvider).and(this::isInRegion).and(also);
    Predicate<Offer> most = asked.and(useful);
    boolean anyUseful = all.stream().anyMatch(most);
    return report(loaded, limit.of(all, anyUseful ? most : asked, today), today);
  }

  /**
   * GPUs of the largest machine among the offers that the filters keep, however old their prices
   * are; 1 where they keep none.
   */
  public int most() {
    List<Offer> all = loaded().stream().flatMap(prices -> prices.list().offers().stream()).toList();
    Predicate<Offer> ofGpu = gpu.map(text -> ofGpu(text, all)).orElse(offer -> true);
    return all.stream()
        .filter(ofGpu.and(this::isOfProvider).and(this::isInRegion))
        .mapToInt(Offer::count)
        .max()
        .orElse(1);
  }

  private List<LoadedPrices> loaded() {
    return kept.named(lists, asOf);
  }

  private PricesReport report(List<LoadedPrices> loaded, AgeLimit.Kept kept, LocalDate today) {
    return new PricesReport(
        loaded,
        kept.offers().stream().sorted(order()).toList(),
        purchase,
        today,
        new AgeCut(limit, kept.leftOut(), kept.allOld()));
  }

  private List<Offer> ofGpu(List<Offer> offers, String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    String provider = Providers.named(word);
    if (offers.stream().anyMatch(offer -> offer.provider().equals(provider))) {
      throw InputError.value(text, " is a provider and no GPU")
          .concerning(JobKey.GPU)
          .hint("give ", Subject.option("--provider"), " ", provider)
          .refusal();
    }
    return keep(
        offers,
        NamedOffers.of(text).among(offers, GpuCatalog.embedded()::akin),
        left -> noneOf(text, left).refusal());
  }

  /** That no offer is of a GPU; one whose price is on demand alone may be. */
  private InputError noneOf(String text, List<Offer> offers) {
    boolean spot = purchase == Purchase.SPOT;
    InputError none =
        InputError.of(
                "none of the ",
                offers.size(),
                " offers",
                spot ? " with a spot price" : "",
                " is of ",
                Shown.given(text),
                GpuCatalog.cardsOf(text).map(cards -> ", which has " + cards).orElse(""))
            .kind(ErrorKind.NO_MATCH)
            .concerning(JobKey.GPU)
            .given(text);
    int most = offers.stream().mapToInt(Offer::count).max().orElse(1);
    InputError all =
        NamedOffers.of(text).count().orElse(1) > most
            ? none.hint("an offer is of one machine, of at most ", most, " GPUs")
                .hint(new Subject.Operation("plan"), " takes ", JobKey.NODES, " for several")
            : none;
    return spot ? all.hint("prices on demand are left out by ", Subject.option("--spot")) : all;
  }

  /**
   * Which offers are of the very GPUs and counts that a filter names, each of the machine or
   * provider that stands with it.
   *
   * @param offers of all
   */
  public Predicate<Offer> ofGpu(String text, List<Offer> offers) {
    return NamedOffers.of(text).among(offers, GpuCatalog.embedded()::select);
  }

  private static List<Offer> keep(
      List<Offer> offers, Predicate<Offer> wanted, Function<List<Offer>, InputException> whenNone) {
    List<Offer> kept = offers.stream().filter(wanted).toList();
    if (kept.isEmpty()) {
      throw whenNone.apply(offers);
    }
    return kept;
  }

  public boolean isOfProvider(Offer offer) {
    return providers.isEmpty()
        || providers.contains(offer.provider())
        || providers.stream().map(Providers::named).anyMatch(offer.provider()::equals);
  }

  public boolean isInRegion(Offer offer) {
    String region = offer.region().toLowerCase(Locale.ROOT);
    return regions.isEmpty() || regions.stream().anyMatch(region::contains);
  }

  /** Refuses a name that neither the lists nor anybody has for a provider. */
  private void refuseUnknownProvider(List<Offer> all) {
    Set<String> known = names(all);
    for (String name : providers) {
      if (!known.contains(name)
          && !known.contains(Providers.named(name))
          && !Providers.isOne(name)) {
        Set<String> near = new TreeSet<>(known);
        near.addAll(Providers.spoken());
        throw none("--provider", List.of(name), known, near);
      }
    }
  }

  private InputException unpriced(List<LoadedPrices> loaded) {
    Phrase first =
        loaded.stream()
            .flatMap(prices -> prices.findings().stream())
            .filter(found -> found.finding().drops())
            .findFirst()
            .map(
                found ->
                    Phrase.of("rows were left out, the first is ", found.place(), ": ")
                        .and(found.notice().sentence()))
            .orElse(Phrase.EMPTY);
    return InputError.of(
            "no ",
            purchase == Purchase.SPOT ? purchase.label() : "usable",
            " price in ",
            Shown.oneLine(
                loaded.stream()
                    .map(prices -> prices.list().name())
                    .collect(Collectors.joining(", "))))
        .kind(ErrorKind.NO_MATCH)
        .hint(first)
        .refusal();
  }

  private static InputException none(String option, List<String> asked, Set<String> there) {
    return none(option, asked, there, there);
  }

  private static InputException none(
      String option, List<String> asked, Set<String> there, Set<String> near) {
    List<String> some = there.stream().limit(MAX_NAMED).toList();
    return InputError.about(Subject.option(option))
        .and(
            " ",
            Shown.given(String.join(",", asked)),
            " leaves no offer, there are: ",
            some.stream().map(PricesRequest::shown).collect(Collectors.joining(", ")),
            there.size() > some.size() ? ", ..." : "")
        .given(String.join(",", asked))
        .near(asked.get(0), near)
        .refusal();
  }

  /** A name among others; some have commas in them. */
  private static String shown(String name) {
    return name.contains(",") ? "'" + name + "'" : name;
  }

  private static Set<String> names(List<Offer> offers) {
    Set<String> names = new TreeSet<>();
    offers.forEach(offer -> names.add(offer.provider()));
    return names;
  }

  private static Set<String> regionsOf(List<Offer> offers) {
    Set<String> names = new TreeSet<>();
    offers.stream()
        .map(Offer::region)
        .filter(region -> !region.isEmpty())
        .forEach(region -> names.add(Shown.oneLine(region)));
    return names;
  }

  /** What is offered as spot alone has no price of the other kind and comes last. */
  private Comparator<Offer> order() {
    Comparator<UsdPerHour> cheapest = Comparator.nullsLast(Comparator.naturalOrder());
    return Comparator.<Offer, UsdPerHour>comparing(
            offer -> offer.pricePerGpu(purchase).orElse(null), cheapest)
        .thenComparing(offer -> offer.pricePerGpu(Purchase.SPOT).orElse(null), cheapest)
        .thenComparing(offer -> offer.gpu().name())
        .thenComparing(Offer::count)
        .thenComparing(Offer::provider)
        .thenComparing(Offer::instance)
        .thenComparing(Offer::region);
  }
}
