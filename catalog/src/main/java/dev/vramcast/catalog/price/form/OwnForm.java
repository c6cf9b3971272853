package dev.vramcast.catalog.price.form;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.input.table.Row;
import dev.vramcast.input.table.Table;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * This program's own form of a price list, as CSV and as YAML. It is written by hand, so whatever
 * cannot be used is refused with its place and never left out.
 */
public final class OwnForm {

  static final String ON_DEMAND = "on_demand_usd_per_hour";
  static final String SPOT = "spot_usd_per_hour";

  static final String HOST_MEMORY = "host_memory_gib";
  static final String DISK = "disk_gib";
  private static final String NETWORK = "network_gbits";

  /** At least one of these has to be there. */
  static final List<String> PRICES = List.of(ON_DEMAND, SPOT);

  /** All columns, of which only {@code gpu} and one price are needed. */
  public static final List<String> COLUMNS =
      Stream.concat(
              Stream.of(
                  "provider",
                  "instance",
                  "gpu",
                  "count",
                  ON_DEMAND,
                  SPOT,
                  "region",
                  "as_of",
                  "source",
                  HOST_MEMORY,
                  DISK,
                  NETWORK),
              OwnTerms.COLUMNS.stream())
          .toList();

  /** Of what is not negative, with at most nine digits before and behind the point. */
  static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  private static final Pattern COUNT = Pattern.compile("\\d{1,4}");
  private static final String NOBODY = "own";
  private static final double LEAST_NETWORK = 0.1;
  private static final double MOST_NETWORK = 1e6;

  private final Origin origin;

  /** What has been read of cells that many rows have in common. */
  private final Map<String, GpuMatch> gpus = new HashMap<>();

  private final Map<String, PriceDate> dates = new HashMap<>();

  private OwnForm(Origin origin) {
    this.origin = origin;
  }

  public static List<Offer> offers(Table table, Origin origin) {
    for (String column : table.columns()) {
      if (!COLUMNS.contains(column)) {
        throw InputError.unknown("column", column, COLUMNS)
            .at(table.at(column))
            .allowed(String.join(", ", COLUMNS))
            .refusal();
      }
    }
    return table.rows().stream().map(new OwnForm(origin)::offer).toList();
  }

  private Offer offer(Row row) {
    GpuMatch match = gpu(row);
    Optional<UsdPerHour> onDemand = price(row, ON_DEMAND);
    Optional<UsdPerHour> spot = price(row, SPOT);
    if (onDemand.isEmpty() && spot.isEmpty()) {
      throw row.failure(ON_DEMAND, "a price here or in " + SPOT);
    }
    if (onDemand.isPresent() && spot.isPresent() && spot.get().compareTo(onDemand.get()) >= 0) {
      throw row.failure(SPOT, "less than the on-demand price, " + onDemand.get());
    }
    return Offer.builder()
        .provider(row.text("provider").orElse(NOBODY).toLowerCase(Locale.ROOT))
        .instance(row.text("instance").orElse(""))
        .gpu(match.gpu())
        .count(count(row, match))
        .host(new HostSize(gibibytes(row, HOST_MEMORY), gibibytes(row, DISK), network(row)))
        .onDemand(onDemand)
        .spot(spot)
        .region(row.text("region").orElse(""))
        .asOf(date(row))
        .source(row.text("source").orElse(origin.name()))
        .terms(OwnTerms.read(row))
        .build();
  }

  private GpuMatch gpu(Row row) {
    String name =
        row.text("gpu").orElseThrow(() -> row.failure("gpu", "the name of a GPU, as in H100"));
    try {
      return gpus.computeIfAbsent(name, GpuCatalog.embedded()::find);
    } catch (InputException e) {
      throw e.error().at(row.at("gpu")).refusal(e);
    }
  }

  private static int count(Row row, GpuMatch match) {
    Optional<String> text = row.text("count");
    if (text.isEmpty()) {
      int named = match.count().orElse(1);
      if (named > Offer.MAX_COUNT) {
        throw row.failure("gpu", "at most " + Offer.MAX_COUNT + " GPUs");
      }
      return named;
    }
    int count = COUNT.matcher(text.get()).matches() ? Integer.parseInt(text.get()) : 0;
    if (count < 1 || count > Offer.MAX_COUNT) {
      throw row.failure("count", "a whole number from 1 to " + Offer.MAX_COUNT);
    }
    if (match.count().isPresent() && match.count().getAsInt() != count) {
      throw row.failure("count", match.count().getAsInt() + ", as the GPU's name says");
    }
    return count;
  }

  private static OptionalDouble network(Row row) {
    Optional<String> text = row.text(NETWORK);
    double gigabits =
        text.filter(number -> NUMBER.matcher(number).matches())
            .map(Double::parseDouble)
            .orElse(0.0);
    if (text.isPresent() && (gigabits < LEAST_NETWORK || gigabits > MOST_NETWORK)) {
      throw row.failure(NETWORK, "Gbit/s between such machines, from 0.1 to 1000000");
    }
    return text.isPresent() ? OptionalDouble.of(gigabits * GIGA) : OptionalDouble.empty();
  }

  private static OptionalLong gibibytes(Row row, String column) {
    Optional<String> text = row.text(column);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!NUMBER.matcher(text.get()).matches()) {
      throw row.failure(column, "GiB of the machine, from 0 to 999999999");
    }
    return GibibyteColumn.bytes(new BigDecimal(text.get()));
  }

  private static Optional<UsdPerHour> price(Row row, String column) {
    Optional<BigDecimal> number =
        row.text(column).filter(text -> NUMBER.matcher(text).matches()).map(BigDecimal::new);
    if (row.text(column).isPresent() && !number.map(UsdPerHour::isPrice).orElse(false)) {
      throw row.failure(
          column, "dollars an hour from " + UsdPerHour.LOWEST + " to " + UsdPerHour.HIGHEST);
    }
    return number.map(UsdPerHour::new);
  }

  private PriceDate date(Row row) {
    return row.text("as_of")
        .map(
            text ->
                dates.computeIfAbsent(
                    text, day -> PriceDate.parse(day).orElseThrow(() -> noDate(row))))
        .orElse(origin.asOf());
  }

  private static InputException noDate(Row row) {
    return row.failure("as_of", "a day as 2026-07-01, or 2026-06-01..2026-06-30");
  }
}
