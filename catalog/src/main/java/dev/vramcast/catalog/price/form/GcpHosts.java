package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.price.form.Findings.Rejection;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.input.table.Row;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GCP sells GPUs and the machines around them apart, and SkyPilot's catalogue lists them apart: a
 * row with a machine type is the machine without its GPUs, a row without one is the GPUs.
 */
final class GcpHosts {

  /**
   * Machine types by GPU, from SkyPilot's {@code sky/catalog/gcp_catalog.py}; of those that take
   * the same GPUs the smallest.
   *
   * @param free whether the machine is in the price of the GPUs, so that its own is nothing
   */
  private record Host(String gpu, int count, String type, boolean free) {}

  private static final List<Host> HOSTS =
      List.of(
          new Host("A100", 1, "a2-highgpu-1g", false),
          new Host("A100", 2, "a2-highgpu-2g", false),
          new Host("A100", 4, "a2-highgpu-4g", false),
          new Host("A100", 8, "a2-highgpu-8g", false),
          new Host("A100", 16, "a2-megagpu-16g", false),
          new Host("A100-80GB", 1, "a2-ultragpu-1g", false),
          new Host("A100-80GB", 2, "a2-ultragpu-2g", false),
          new Host("A100-80GB", 4, "a2-ultragpu-4g", false),
          new Host("A100-80GB", 8, "a2-ultragpu-8g", false),
          new Host("L4", 1, "g2-standard-4", false),
          new Host("L4", 2, "g2-standard-24", false),
          new Host("L4", 4, "g2-standard-48", false),
          new Host("L4", 8, "g2-standard-96", false),
          new Host("H100", 1, "a3-highgpu-1g", false),
          new Host("H100", 2, "a3-highgpu-2g", false),
          new Host("H100", 4, "a3-highgpu-4g", false),
          new Host("H100", 8, "a3-highgpu-8g", false),
          new Host("H100-MEGA", 8, "a3-megagpu-8g", false),
          new Host("H200", 8, "a3-ultragpu-8g", false),
          new Host("B200", 8, "a4-highgpu-8g", true));

  private record Site(String type, String zone) {}

  private record Price(Optional<BigDecimal> onDemand, Optional<BigDecimal> spot) {}

  private final Map<Site, Price> prices = new HashMap<>();

  /** Reads the machines of a catalogue; one whose price is no price counts as absent. */
  GcpHosts(List<Row> rows) {
    for (Row row : rows) {
      row.text(SkyPilotForm.INSTANCE).ifPresent(type -> add(type, row));
    }
  }

  private void add(String type, Row row) {
    try {
      Price price =
          new Price(
              ImportedPrice.of(row, SkyPilotForm.PRICE), ImportedPrice.of(row, SkyPilotForm.SPOT));
      prices.put(new Site(type, SkyPilotForm.zone(row)), price);
    } catch (Rejection e) {
      prices.remove(new Site(type, SkyPilotForm.zone(row)));
    }
  }

  /** GPUs, whose instance is their name in the catalogue, with the machine around them. */
  RawOffer around(RawOffer gpus) {
    Host host =
        HOSTS.stream()
            .filter(known -> known.gpu().equalsIgnoreCase(gpus.instance()))
            .filter(known -> known.count() == gpus.count())
            .findFirst()
            .orElseThrow(() -> rejection(gpus, "no machine type is known to hold them"));
    Price price = prices.get(new Site(host.type(), gpus.zone()));
    if (host.free()) {
      return gpus.in(host.type());
    }
    if (price == null) {
      throw rejection(gpus, "no price of " + host.type() + " in " + gpus.zone());
    }
    RawOffer whole =
        gpus.at(sum(gpus.onDemand(), price.onDemand()), sum(gpus.spot(), price.spot()));
    if (whole.onDemand().isEmpty() && whole.spot().isEmpty()) {
      throw rejection(gpus, "no price of " + host.type() + " in " + gpus.zone());
    }
    return whole.in(host.type());
  }

  private static Optional<BigDecimal> sum(Optional<BigDecimal> one, Optional<BigDecimal> other) {
    return one.flatMap(first -> other.map(first::add)).filter(UsdPerHour::isPrice);
  }

  private static Rejection rejection(RawOffer gpus, String why) {
    return new Rejection(
        Finding.NO_HOST,
        gpus.place(),
        Phrase.of(gpus.gpu().name(), " × ", gpus.count(), ": ", why));
  }
}
