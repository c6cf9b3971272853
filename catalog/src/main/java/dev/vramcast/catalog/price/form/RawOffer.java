package dev.vramcast.catalog.price.form;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.UsdPerHour;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * An offer before it is believed.
 *
 * @param place of the row it came from
 * @param host what else the machine has
 * @param zone within the region; the region itself where there are no zones
 */
record RawOffer(
    Place.Line place,
    String instance,
    Gpu gpu,
    int count,
    HostSize host,
    Prices prices,
    String region,
    String zone) {

  /**
   * Of an hour.
   *
   * @param onDemand for all GPUs; empty when the row has none
   * @param spot as {@code onDemand}
   */
  record Prices(Optional<BigDecimal> onDemand, Optional<BigDecimal> spot) {}

  /** What is the same machine wherever it stands. */
  record Machine(String instance, String gpu, int count) {}

  /** What can have one price of each kind. */
  record Standing(Machine machine, String zone) {}

  Optional<BigDecimal> onDemand() {
    return prices.onDemand();
  }

  Optional<BigDecimal> spot() {
    return prices.spot();
  }

  Standing standing() {
    return new Standing(machine(), zone);
  }

  Machine machine() {
    return new Machine(instance, gpu.name(), count);
  }

  RawOffer at(Optional<BigDecimal> newOnDemand, Optional<BigDecimal> newSpot) {
    Prices others = new Prices(newOnDemand, newSpot);
    return new RawOffer(place, instance, gpu, count, host, others, region, zone);
  }

  RawOffer in(String newInstance) {
    return new RawOffer(place, newInstance, gpu, count, host, prices, region, zone);
  }

  RawOffer everywhere() {
    return new RawOffer(place, instance, gpu, count, host, prices, "all regions", "all regions");
  }

  Offer offer(Origin origin) {
    return Offer.builder()
        .provider(origin.provider())
        .instance(instance)
        .gpu(gpu)
        .count(count)
        .host(host)
        .onDemand(onDemand().map(UsdPerHour::new))
        .spot(spot().map(UsdPerHour::new))
        .region(zone)
        .asOf(origin.asOf())
        .source(origin.name())
        .build();
  }
}
