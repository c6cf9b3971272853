package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.price.form.Findings.Rejection;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import dev.vramcast.input.table.Row;
import dev.vramcast.input.table.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a {@code vms.csv} of SkyPilot's catalogue. Prices are those of the whole machine. What its
 * column {@code GpuInfo} says about memory is not read: of an H100 it has 0, 80, 81559, 81920 and
 * 655360, depending on the provider.
 */
public final class SkyPilotForm {

  static final String INSTANCE = "instancetype";
  static final String PRICE = "price";
  static final String SPOT = "spotprice";

  private static final String NAME = "acceleratorname";
  private static final String COUNT = "acceleratorcount";
  private static final String REGION = "region";
  private static final String ZONE = "availabilityzone";
  private static final String HOST_MEMORY = "memorygib";
  private static final String GCP = "gcp";
  private static final String VAST = "vast";

  /** Ends the name of a machine of Prime Intellect that is rented as spot alone. */
  private static final String SPOT_ONLY = "__SPOT";

  /** What GCP's file has in zones where a TPU has no price. */
  private static final BigDecimal TPU_PLACEHOLDER = new BigDecimal("700.000000");

  /** Machines whose count is wrong in the catalogue, with the count that Azure states. */
  private static final Map<String, Integer> COUNTS = Map.of("Standard_ND96isr_H100_v5", 8);

  private final Table table;
  private final Origin origin;
  private final Findings findings;
  private final Plausibility plausibility;
  private final boolean gcp;

  public SkyPilotForm(Table table, Origin origin, Findings findings) {
    this.table = table;
    this.origin = origin;
    this.findings = findings;
    this.plausibility = new Plausibility(findings);
    this.gcp = origin.provider().equals(GCP);
  }

  /** Rows that name a GPU; of GCP's machines they are not offers. */
  public static boolean namesGpu(Row row) {
    return row.text(NAME).isPresent();
  }

  static String zone(Row row) {
    return row.text(ZONE).or(() -> row.text(REGION)).orElse("");
  }

  public List<Offer> offers() {
    List<RawOffer> machines = new ArrayList<>();
    List<RawOffer> parts = new ArrayList<>();
    for (Row row : table.rows()) {
      boolean hosts = gcp && row.text(INSTANCE).isPresent() && !isTpu(row);
      if (namesGpu(row) && !hosts) {
        boolean part = gcp && !isTpu(row);
        read(row).ifPresent(part ? parts::add : machines::add);
      }
    }
    List<RawOffer> likely = new ArrayList<>(believable(machines));
    likely.addAll(withHosts(parts));
    return new Repeats(origin, findings)
        .together(likely).stream().map(offer -> offer.offer(origin)).toList();
  }

  private List<RawOffer> believable(List<RawOffer> offers) {
    List<RawOffer> possible = plausibility.eachAlone(offers);
    return origin.isMarketplace() ? possible : plausibility.amongRegions(possible);
  }

  private List<RawOffer> withHosts(List<RawOffer> parts) {
    GcpHosts hosts = new GcpHosts(gcp ? table.rows() : List.of());
    List<RawOffer> whole = new ArrayList<>();
    for (RawOffer part : plausibility.withoutContradictions(believable(parts))) {
      try {
        whole.add(hosts.around(part));
      } catch (Rejection e) {
        findings.add(e);
      }
    }
    return plausibility.eachAlone(whole);
  }

  private Optional<RawOffer> read(Row row) {
    try {
      return Optional.of(offer(row));
    } catch (Rejection e) {
      findings.add(e);
      return Optional.empty();
    }
  }

  private RawOffer offer(Row row) {
    String name = row.text(NAME).orElseThrow();
    String instance = row.text(INSTANCE).orElse(name);
    Place.Line place = row.at(NAME);
    Optional<TpuSlice> slice = TpuSlice.parse(name, place);
    Counted counted =
        slice
            .map(tpus -> new Counted(tpus.gpu(), tpus.chips()))
            .orElseGet(() -> counted(row, instance, name));
    Optional<BigDecimal> price = ImportedPrice.of(row, PRICE);
    Optional<BigDecimal> spot = ImportedPrice.of(row, SPOT);
    if (slice.isPresent() && price.filter(TPU_PLACEHOLDER::equals).isPresent()) {
      findings.add(Finding.PLACEHOLDER, row.at(PRICE), name, ": ", row.text(PRICE).orElseThrow());
      price = Optional.empty();
    }
    if (instance.endsWith(SPOT_ONLY)) {
      spot = spot.isPresent() ? spot : price;
      price = Optional.empty();
    }
    String region = row.text(REGION).orElse("");
    HostSize host = gcp ? HostSize.UNKNOWN : GibibyteColumn.host(row, HOST_MEMORY, "");
    RawOffer.Prices prices = new RawOffer.Prices(price, spot);
    return new RawOffer(
        place, instance, counted.gpu(), counted.count(), host, prices, region, zone(row));
  }

  private Counted counted(Row row, String instance, String name) {
    Place.Line place = row.at(NAME);
    if (origin.provider().equals(VAST)) {
      VastInstance machine = VastInstance.parse(instance, row.at(INSTANCE));
      return new Counted(
          CatalogueNames.find(VAST, instance, machine.name(), place), machine.count());
    }
    Gpu gpu = CatalogueNames.find(origin.provider(), instance, name, place);
    int count = ImportedCount.of(row, COUNT);
    int stated = COUNTS.getOrDefault(instance, count);
    if (stated != count) {
      findings.add(
          Finding.COUNT_CORRECTED,
          row.at(COUNT),
          "%s: %d, not %d".formatted(instance, stated, count));
    }
    return new Counted(gpu, stated);
  }

  private static boolean isTpu(Row row) {
    return row.text(NAME).map(name -> name.startsWith("tpu-")).orElse(false);
  }

  private record Counted(Gpu gpu, int count) {}
}
