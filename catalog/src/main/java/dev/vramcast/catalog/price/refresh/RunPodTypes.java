package dev.vramcast.catalog.price.refresh;

import dev.vramcast.catalog.price.form.CatalogueNames;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.input.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * RunPod's types of GPUs: the price of one card in its own data centres ({@code secure}) and with
 * private hosts ({@code community}), each on demand and as spot. Several cards cost as many times
 * as much.
 */
record RunPodTypes(PriceSource source, PriceDate day) {

  private static final List<Integer> COUNTS = List.of(1, 2, 4, 8);

  /** One of the two clouds, by the beginning of its keys and the end of its largest count. */
  private record Cloud(String key, String most, boolean peerToPeer) {}

  private static final List<Cloud> CLOUDS =
      List.of(
          new Cloud("secure", "maxGpuCountSecureCloud", false),
          new Cloud("community", "maxGpuCountCommunityCloud", true));

  Answered read(byte[] answer) {
    String place = source.address().toString();
    Map<String, Object> root = Json.object(place, answer);
    if (root.get("errors") instanceof List<?> errors && !errors.isEmpty()) {
      throw InputError.of("answers with errors: ", Shown.given(String.valueOf(errors.get(0))))
          .kind(ErrorKind.UNAVAILABLE)
          .at(Place.of(place))
          .refusal();
    }
    JsonFields data = JsonFields.of(place, JsonFields.of(place, root).value("data"));
    if (!(data.value("gpuTypes") instanceof List<?> types)) {
      throw InputError.of("'gpuTypes' is no list")
          .at(Place.of(place))
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
    List<Offer> offers = new ArrayList<>();
    List<Notice> leftOut = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      JsonFields type = JsonFields.of(place + "#gpuTypes[" + i + "]", types.get(i));
      Optional<Gpu> gpu = gpu(type);
      if (gpu.isEmpty()) {
        leftOut.add(Notice.of("unknown GPU ", Shown.given(type.text("id").orElse(""))));
      }
      CLOUDS.forEach(cloud -> gpu.ifPresent(card -> offers.addAll(offers(type, card, cloud))));
    }
    return new Answered(offers, leftOut);
  }

  /** By the driver's name, and by the shorter one where that is none. */
  private Optional<Gpu> gpu(JsonFields type) {
    return type.text("id")
        .flatMap(id -> CatalogueNames.known("", "", id))
        .or(
            () ->
                type.text("displayName")
                    .flatMap(name -> CatalogueNames.known(source.provider(), "", name)));
  }

  private List<Offer> offers(JsonFields type, Gpu gpu, Cloud cloud) {
    int most = type.count(cloud.most()).orElse(1);
    boolean there = type.yes(cloud.key() + "Cloud");
    return IntStream.of(COUNTS.stream().mapToInt(Integer::intValue).toArray())
        .filter(count -> there && count <= most)
        .boxed()
        .flatMap(count -> offer(type, gpu, cloud, count).stream())
        .toList();
  }

  private Optional<Offer> offer(JsonFields type, Gpu gpu, Cloud cloud, int count) {
    Optional<UsdPerHour> price = type.hourly(cloud.key() + "Price", count);
    Optional<UsdPerHour> spot =
        type.hourly(cloud.key() + "SpotPrice", count)
            .filter(less -> price.isEmpty() || less.compareTo(price.get()) < 0);
    if (price.isEmpty() && spot.isEmpty()) {
      return Optional.empty();
    }
    OfferTerms terms = OfferTerms.UNKNOWN;
    return Optional.of(
        Offer.builder()
            .provider(source.provider())
            .instance(count + "x " + type.text("displayName").orElse(gpu.name()))
            .gpu(gpu)
            .count(count)
            .onDemand(price)
            .spot(spot)
            .region(cloud.key() + " cloud")
            .asOf(day)
            .source(source.address().toString())
            .terms(cloud.peerToPeer() ? terms.peerToPeer(OptionalDouble.empty()) : terms)
            .build());
  }
}
