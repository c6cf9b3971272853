package dev.vramcast.catalog.price.refresh;

import static dev.vramcast.core.units.Multiples.GIGA;
import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.catalog.price.form.CatalogueNames;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.input.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Vast's machines: {@code dph_total} is the price of a whole one, {@code min_bid} what an
 * interruptible one costs, {@code cpu_ram} in MB, {@code hosting_type} 1 for a data centre. There
 * are thousands, each of one host, so the cheapest few of each kind are kept.
 */
record VastBundles(PriceSource source, PriceDate day) {

  private static final int KEPT_OF_A_KIND = 3;

  /** Hosts that were away more often would be found gone. */
  private static final double LEAST_RELIABILITY = 0.9;

  /** What is the same machine whoever rents it out. */
  private record Kind(String gpu, int count, boolean peerToPeer) {}

  Answered read(byte[] answer) {
    String place = source.address().toString();
    JsonFields root = JsonFields.of(place, Json.object(place, answer));
    if (!(root.value("offers") instanceof List<?> rows)) {
      throw InputError.of("'offers' is no list")
          .at(Place.of(place))
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
    List<Offer> offers = new ArrayList<>();
    List<Notice> leftOut = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      JsonFields row = JsonFields.of(place + "#offers[" + i + "]", rows.get(i));
      offer(row, leftOut).ifPresent(offers::add);
    }
    return new Answered(cheapest(offers), leftOut);
  }

  private Optional<Offer> offer(JsonFields row, List<Notice> leftOut) {
    String name = row.text("gpu_name").orElse("");
    Optional<Integer> count = row.count("num_gpus");
    Optional<UsdPerHour> price = row.hourly("dph_total", 1);
    Optional<UsdPerHour> bid = row.hourly("min_bid", 1);
    Optional<Gpu> gpu = gpu(row, name);
    OptionalDouble reliability = row.number("reliability2");
    if (gpu.isEmpty() || count.isEmpty() || price.isEmpty()) {
      leftOut.add(Notice.of("no machine of a known GPU with a price: ", Shown.given(name)));
      return Optional.empty();
    }
    if (reliability.isPresent() && reliability.getAsDouble() < LEAST_RELIABILITY) {
      leftOut.add(Notice.of("a host that is there less than nine tenths of the time"));
      return Optional.empty();
    }
    return Optional.of(
        Offer.builder()
            .provider(source.provider())
            .instance(count.get() + "x " + name)
            .gpu(gpu.get())
            .count(count.get())
            .host(new HostSize(bytes(row, "cpu_ram", MIB), bytes(row, "disk_space", GIGA)))
            .onDemand(price)
            .spot(bid.filter(spot -> spot.compareTo(price.get()) < 0))
            .region(row.text("geolocation").orElse(""))
            .asOf(day)
            .source(source.address().toString())
            .terms(terms(row, reliability))
            .build());
  }

  private Optional<Gpu> gpu(JsonFields row, String name) {
    Optional<Integer> memory =
        row.number("gpu_ram").stream()
            .mapToObj(mebibytes -> (int) Math.round(mebibytes / 1024))
            .findFirst();
    return CatalogueNames.known(source.provider(), "", name)
        .or(
            () ->
                memory.flatMap(
                    size -> CatalogueNames.known(source.provider(), "", name + " " + size + "GB")));
  }

  private static OptionalLong bytes(JsonFields row, String key, double unit) {
    OptionalDouble amount = row.number(key);
    return amount.isPresent()
        ? OptionalLong.of(Math.round(amount.getAsDouble() * unit))
        : OptionalLong.empty();
  }

  private static OfferTerms terms(JsonFields row, OptionalDouble reliability) {
    OfferTerms terms =
        OfferTerms.UNKNOWN.charging(row.number("storage_cost"), row.number("inet_up_cost"));
    boolean dataCentre = row.number("hosting_type").orElse(0) == 1;
    return dataCentre ? terms : terms.peerToPeer(reliability);
  }

  private static List<Offer> cheapest(List<Offer> offers) {
    Map<Kind, Integer> kept = new HashMap<>();
    return offers.stream()
        .sorted(Comparator.comparing(offer -> offer.onDemand().orElseThrow()))
        .filter(
            offer -> {
              Kind kind = new Kind(offer.gpu().name(), offer.count(), offer.terms().peerToPeer());
              return kept.merge(kind, 1, Integer::sum) <= KEPT_OF_A_KIND;
            })
        .toList();
  }
}
