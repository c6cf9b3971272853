package dev.vramcast.sweep.spec;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuFilter;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument.Entry;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.sweep.PriceAge;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.product.Axis;
import dev.vramcast.sweep.product.CardPlace;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.product.RentalPrice;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is swept over, as it was written. */
public record Spec(List<Axis> axes, SpecNames models, SpecNames gpus, OfferWish offers) {

  /** A count in a filter would be a second way to say {@code hardware.count}. */
  private static final int ANY_OTHER_COUNT = 1_024;

  public Spec {
    axes = List.copyOf(axes);
  }

  /** All combinations of what is asked for, with prices of any age. */
  public Product product() {
    return product(Spec::listed);
  }

  /**
   * As {@link #product()}, with prices as old as they may be, where nobody names a list those of
   * {@link KeptPrices#usual()}.
   *
   * @param kept what was fetched
   * @param limit over what the spec says; where neither says anything, the usual one
   * @param today tells how old prices are
   */
  public Product product(KeptPrices kept, Optional<AgeLimit> limit, LocalDate today) {
    AgeLimit young = limit.or(offers::limit).orElse(AgeLimit.USUAL);
    List<Offer> wanted =
        kept.named(offers.lists(), Optional.empty()).stream()
            .flatMap(prices -> prices.list().offers().stream())
            .filter(this::isWanted)
            .toList();
    return product(young.ofEachMachine(wanted, today));
  }

  private static List<Offer> listed(String list) {
    return PriceLists.open(list, Optional.empty()).list().offers();
  }

  /**
   * As {@link #product()}, with price lists from elsewhere.
   *
   * @param opener the offers of a list, by the name that the spec gives it
   */
  public Product product(Function<String, List<Offer>> opener) {
    return product(market(opener));
  }

  /**
   * As {@link #product(Function)}, with prices as old as they may be.
   *
   * @param age over what the spec says; where neither says anything, the usual one
   */
  public Product product(Function<String, List<Offer>> opener, PriceAge age) {
    AgeLimit young = age.stated().or(offers::limit).orElse(AgeLimit.USUAL);
    return product(young.ofEachMachine(market(opener), age.today()));
  }

  private Product product(List<Offer> market) {
    List<CardPlace> places = offers.each() ? rented(market) : named();
    Set<JobKey> taken = EnumSet.of(JobKey.GPU);
    if (offers.each()) {
      taken.add(JobKey.GPU_COUNT);
    }
    if (models.isGiven()) {
      refuse(JobKey.MODEL_ID, SpecReader.MODELS);
      refuse(JobKey.MODEL_CONFIG, SpecReader.MODELS);
    }
    List<Axis> job = new ArrayList<>(namedModels());
    List<Axis> data = new ArrayList<>();
    for (Axis axis : axes) {
      if (RowEstimator.isData(axis.key())) {
        data.add(axis);
      } else if (!taken.contains(axis.key())) {
        job.add(axis);
      }
    }
    return new Product(job, places, data, market, offers.purchases().get(0));
  }

  private List<Offer> market(Function<String, List<Offer>> opener) {
    List<String> lists = offers.lists().isEmpty() ? List.of(PriceLists.MARKET) : offers.lists();
    return lists.stream()
        .flatMap(list -> opener.apply(list).stream())
        .filter(this::isWanted)
        .toList();
  }

  private boolean isWanted(Offer offer) {
    String region = offer.region().toLowerCase(Locale.ROOT);
    return (offers.providers().isEmpty() || offers.providers().contains(offer.provider()))
        && (offers.regions().isEmpty() || offers.regions().stream().anyMatch(region::contains));
  }

  private List<Axis> namedModels() {
    if (!models.isGiven()) {
      return List.of();
    }
    Stream<String> names =
        models.all() ? ModelCatalog.embedded().names().stream() : models.names().stream();
    return List.of(
        new Axis(
            JobKey.MODEL_ID,
            names
                .map(name -> new Entry(JobKey.MODEL_ID, name, models.place().orElseThrow()))
                .toList()));
  }

  /** Cards without offers; none where the spec names none. */
  private List<CardPlace> named() {
    List<CardPlace> places = new ArrayList<>();
    wanted().forEach(gpu -> places.add(CardPlace.of(gpu)));
    for (Entry entry : values(JobKey.GPU)) {
      places.add(CardPlace.named(match(entry)));
    }
    return places;
  }

  /** The cards that {@code gpus} names. */
  private Set<Gpu> wanted() {
    if (!gpus.isGiven()) {
      return Set.of();
    }
    refuse(JobKey.GPU, SpecReader.GPUS);
    if (gpus.all()) {
      return new LinkedHashSet<>(GpuCatalog.embedded().all());
    }
    Set<Gpu> cards = new LinkedHashSet<>();
    for (String text : gpus.names()) {
      cards.addAll(at(gpus.places().get(text), () -> wanted(text)));
    }
    return cards;
  }

  private List<Gpu> wanted(String text) {
    GpuFilter filter = GpuFilter.parse(text);
    if (!filter.matchesCount(1) || !filter.matchesCount(ANY_OTHER_COUNT)) {
      throw InputError.about(new Subject.Item(SpecReader.GPUS))
          .and(" has a count")
          .allowed(JobKey.GPU_COUNT, " beside it")
          .refusal();
    }
    return GpuCatalog.embedded().select(filter);
  }

  /** The card that a value of the key names. */
  private static GpuMatch match(Entry entry) {
    return at(entry.place(), () -> GpuCatalog.embedded().find((String) entry.value()));
  }

  /** Says of what is refused where it stands in the spec. */
  private static <T> T at(@Nullable Place place, Supplier<T> read) {
    try {
      return read.get();
    } catch (InputException e) {
      throw e.error().at(Optional.ofNullable(place)).refusal(e);
    }
  }

  private List<CardPlace> rented(List<Offer> market) {
    Set<Gpu> cards = new LinkedHashSet<>(wanted());
    values(JobKey.GPU).forEach(entry -> cards.add(match(entry).gpu()));
    List<Object> counts = values(JobKey.GPU_COUNT).stream().map(Entry::value).toList();
    List<CardPlace> places = new ArrayList<>();
    market.stream()
        .filter(offer -> cards.isEmpty() || cards.contains(offer.gpu()))
        .filter(offer -> counts.isEmpty() || counts.contains(offer.count()))
        .sorted(
            Comparator.<Offer, String>comparing(o -> o.gpu().name()).thenComparing(Offer::count))
        .forEach(
            offer -> {
              for (Purchase purchase : offers.purchases()) {
                RentalPrice.of(offer, purchase)
                    .ifPresent(rent -> places.add(CardPlace.rented(offer, rent)));
              }
            });
    if (places.isEmpty()) {
      throw InputError.about(OfferWish.OFFERS)
          .kind(ErrorKind.NO_MATCH)
          .at(offers.place())
          .and(" leaves no offer of these GPUs and counts")
          .refusal();
    }
    return places;
  }

  private List<Entry> values(JobKey key) {
    return axes.stream()
        .filter(axis -> axis.key() == key)
        .flatMap(axis -> axis.values().stream())
        .toList();
  }

  private void refuse(JobKey key, String other) {
    values(key).stream()
        .findFirst()
        .ifPresent(
            entry -> {
              throw InputError.about(key)
                  .kind(ErrorKind.CONTRADICTION)
                  .at(entry.place())
                  .and(" is given beside ", other)
                  .refusal();
            });
  }
}
