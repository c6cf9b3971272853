package dev.vramcast.catalog.price;

import dev.vramcast.catalog.Resources;
import dev.vramcast.catalog.price.form.Origin;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.input.table.CsvTable;
import dev.vramcast.input.table.Table;
import dev.vramcast.input.text.Presence;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Finds price lists by name, or reads them from files. */
public final class PriceLists {

  private static final Subject LIST = new Subject.Flag("--list");

  /** What the market asked when it was last looked at. */
  public static final String MARKET = "market-2026-09";

  /** The prices of the fine-tuning guide whose memory table is part of this program. */
  public static final String GUIDE = "guide-2026-07";

  /** A list of this module: one line on it, and the days in which its prices were read. */
  private record Named(String title, PriceDate asOf) {}

  private static final class Embedded {
    static final Map<String, Named> LISTS =
        Resources.lines("prices/lists.tsv").stream()
            .skip(1)
            .map(line -> line.split("\t", -1))
            .collect(
                Collectors.toMap(
                    cells -> cells[0],
                    cells -> new Named(cells[1], PriceDate.parse(cells[2]).orElseThrow()),
                    (a, b) -> a,
                    LinkedHashMap::new));
  }

  private PriceLists() {}

  /** The names of the lists that are part of this module. */
  public static List<String> names() {
    return List.copyOf(Embedded.LISTS.keySet());
  }

  /**
   * The list of a name, or that in a file.
   *
   * @param asOf the day of a file's prices, where it has none; empty to take the file's own
   * @throws InputException when there is no such list, or the file cannot be used
   */
  public static LoadedPrices open(String nameOrFile, Optional<PriceDate> asOf) {
    if (names().contains(nameOrFile)) {
      return embedded(nameOrFile);
    }
    Path file = path(nameOrFile);
    if (!Presence.isThere(file)) {
      throw InputError.of("no price list ", Shown.given(nameOrFile), ", and no such file")
          .kind(ErrorKind.NOT_FOUND)
          .given(nameOrFile)
          .concerning(LIST)
          .allowed(String.join(", ", names()))
          .near(nameOrFile, names())
          .refusal();
    }
    return PriceFile.read(file, asOf);
  }

  /**
   * The list in a file that is there.
   *
   * @throws InputException when the file cannot be used
   */
  public static LoadedPrices in(Path file) {
    return PriceFile.read(file, Optional.empty());
  }

  /**
   * The list in the text of a CSV file.
   *
   * @param name of the file; its stem is the provider where the list names none
   * @param asOf the day of its prices, where it has none
   */
  public static LoadedPrices parse(String name, String text, PriceDate asOf) {
    Table table = CsvTable.read(name, text);
    String provider = name.replaceFirst("^.*[/\\\\]", "").replaceFirst("\\.[^.]*$", "");
    Origin origin = new Origin(name, provider.toLowerCase(Locale.ROOT), asOf);
    return PriceFile.read(table, origin, name, false);
  }

  /**
   * The list in the text of a CSV file that was fetched.
   *
   * @param source where it came from
   * @param provider whose prices they are
   */
  public static LoadedPrices fetched(String source, String provider, String text, PriceDate asOf) {
    Table table = CsvTable.read(source, text);
    return PriceFile.read(table, new Origin(source, provider, asOf), source, false);
  }

  /**
   * The offers of {@link #MARKET} with a card: those of the list, of which no other is read, as a
   * program that starts pays for each.
   */
  public static List<Offer> ofMarket(Gpu gpu) {
    return MarketRows.OFFERS.computeIfAbsent(gpu.name(), name -> MarketRows.offers(gpu));
  }

  /**
   * Cards that somebody may change to: those that {@link #MARKET} has for rent, and all of a maker
   * of whom it has none. Some cards are sold in few countries, and rented in fewer.
   */
  public static List<Gpu> rented(List<Gpu> cards) {
    Set<String> names =
        MarketRows.LINES.stream().map(MarketRows::gpu).collect(Collectors.toUnmodifiableSet());
    Set<Vendor> makers =
        cards.stream()
            .filter(card -> names.contains(card.name()))
            .map(Gpu::vendor)
            .collect(Collectors.toUnmodifiableSet());
    return cards.stream()
        .filter(card -> names.contains(card.name()) || !makers.contains(card.vendor()))
        .toList();
  }

  /** The rows of the market as they stand in its file, which calls cards by their own names. */
  private static final class MarketRows {

    /** Behind the provider and the instance. */
    private static final int GPU_COLUMN = 2;

    static final Map<String, List<Offer>> OFFERS = new ConcurrentHashMap<>();
    static final List<String> LINES = Resources.lines("prices/" + MARKET + ".csv");

    private static String gpu(String line) {
      int at = 0;
      for (int i = 0; i < GPU_COLUMN; i++) {
        at = line.indexOf(',', at) + 1;
      }
      return line.substring(at, Math.max(at, line.indexOf(',', at)));
    }

    static List<Offer> offers(Gpu gpu) {
      List<String> lines = new ArrayList<>(List.of(LINES.get(0)));
      for (String line : LINES) {
        if (gpu.name().equals(gpu(line))) {
          lines.add(line);
        }
      }
      return lines.size() == 1
          ? List.of()
          : embedded(MARKET, String.join("\n", lines)).list().offers();
    }
  }

  private static LoadedPrices embedded(String name) {
    return embedded(
        name, new String(Resources.bytes("prices/" + name + ".csv"), StandardCharsets.UTF_8));
  }

  private static LoadedPrices embedded(String name, String text) {
    Table table = CsvTable.read(name, text);
    Named list = Objects.requireNonNull(Embedded.LISTS.get(name));
    return PriceFile.read(table, new Origin(name, name, list.asOf()), list.title(), false);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw InputError.value(text, " is neither a price list nor a path")
          .kind(ErrorKind.UNKNOWN)
          .concerning(LIST)
          .refusal(e);
    }
  }
}
