package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.form.Findings.Rejection;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.Offer;
import dev.vramcast.input.table.Row;
import dev.vramcast.input.table.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a provider's CSV as gpuhunt publishes it. A name stands for several cards, which the column
 * for memory tells apart; spot is a row of its own; GPUs and the machine around them are summed.
 */
public final class GpuhuntForm {

  private static final String INSTANCE = "instance_name";
  private static final String LOCATION = "location";
  private static final String PRICE = "price";
  private static final String COUNT = "gpu_count";
  private static final String NAME = "gpu_name";
  private static final String MEMORY = "gpu_memory";
  private static final String SPOT = "spot";
  private static final String HOST_MEMORY = "memory";
  private static final String DISK = "disk_size";

  private final Table table;
  private final Origin origin;
  private final Findings findings;

  public GpuhuntForm(Table table, Origin origin, Findings findings) {
    this.table = table;
    this.origin = origin;
    this.findings = findings;
  }

  public static boolean namesGpu(Row row) {
    return row.text(NAME).isPresent();
  }

  public List<Offer> offers() {
    List<RawOffer> onDemand = new ArrayList<>();
    List<RawOffer> spot = new ArrayList<>();
    for (Row row : table.rows()) {
      if (namesGpu(row)) {
        try {
          RawOffer offer = offer(row);
          (offer.spot().isPresent() ? spot : onDemand).add(offer);
        } catch (Rejection e) {
          findings.add(e);
        }
      }
    }
    Repeats repeats = new Repeats(origin, findings);
    Plausibility plausibility = new Plausibility(findings);
    List<RawOffer> both =
        plausibility.eachAlone(joined(repeats.cheapest(onDemand), repeats.cheapest(spot)));
    List<RawOffer> likely = origin.isMarketplace() ? both : plausibility.amongRegions(both);
    return repeats.together(likely).stream().map(offer -> offer.offer(origin)).toList();
  }

  /** The rows with the prices of both; a spot price without its on-demand price stays alone. */
  private static List<RawOffer> joined(List<RawOffer> onDemand, List<RawOffer> spot) {
    Map<RawOffer.Standing, RawOffer> byStanding = new LinkedHashMap<>();
    onDemand.forEach(offer -> byStanding.put(offer.standing(), offer));
    spot.forEach(
        offer ->
            byStanding.merge(
                offer.standing(), offer, (one, two) -> one.at(one.onDemand(), two.spot())));
    return List.copyOf(byStanding.values());
  }

  private RawOffer offer(Row row) {
    String name = row.text(NAME).orElseThrow();
    String instance = row.text(INSTANCE).orElse("");
    Place.Line place = row.at(NAME);
    Optional<TpuSlice> slice = TpuSlice.parse(instance, place);
    Gpu gpu = slice.map(TpuSlice::gpu).orElseGet(() -> gpu(row, instance, name));
    int count = slice.map(TpuSlice::chips).orElseGet(() -> ImportedCount.of(row, COUNT));
    Optional<BigDecimal> price = ImportedPrice.of(row, PRICE);
    if (price.isEmpty()) {
      throw new Rejection(Finding.NO_PRICE, row.at(PRICE), Phrase.of(gpu.name(), " × ", count));
    }
    boolean spot = isSpot(row);
    String location = row.text(LOCATION).orElse("");
    return new RawOffer(
        place,
        instance,
        gpu,
        count,
        GibibyteColumn.host(row, HOST_MEMORY, DISK),
        new RawOffer.Prices(spot ? Optional.empty() : price, spot ? price : Optional.empty()),
        location,
        location);
  }

  /** By name and memory, or by the name alone, as when the memory is one no such card has. */
  private Gpu gpu(Row row, String instance, String name) {
    String provider = origin.provider();
    Optional<String> sized =
        row.text(MEMORY)
            .filter(memory -> memory.matches("\\d{1,5}(\\.0+)?"))
            .map(memory -> name + "-" + memory.replaceFirst("\\..*", "") + "GB");
    return sized
        .flatMap(text -> CatalogueNames.alias(provider, instance, text).or(() -> known(text)))
        .orElseGet(() -> CatalogueNames.find(provider, instance, name, row.at(NAME)));
  }

  private static Optional<Gpu> known(String name) {
    try {
      return Optional.of(GpuCatalog.embedded().find(name).gpu());
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private static boolean isSpot(Row row) {
    String text = row.text(SPOT).orElse("");
    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
      throw new Rejection(
          Finding.UNREADABLE, row.at(SPOT), Phrase.of(row.title(SPOT), " is ", Shown.given(text)));
    }
    return text.equalsIgnoreCase("true");
  }
}
