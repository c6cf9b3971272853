package dev.vramcast.catalog.price.refresh;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.PriceCsv;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.price.form.PriceForm;
import dev.vramcast.catalog.source.Environment;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.PriceList;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.input.text.Listing;
import dev.vramcast.input.text.Presence;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prices that were fetched: a file of each source in the program's own form.
 *
 * @param folder empty where there is no place to keep anything
 */
public record KeptPrices(Optional<Path> folder) {

  /** The name of all of them together. */
  public static final String LIST = "fetched";

  /** Nothing was fetched, and nothing can be kept. */
  public static final KeptPrices NONE = new KeptPrices(Optional.empty());

  private static final String SUFFIX = ".csv";

  /** What was read last, which servers ask for again and again; null until then. */
  private static volatile @Nullable Read last;

  /** A file as it was when it was read. */
  private record Stamp(Path file, long modified, long size) {

    static Stamp of(Path file) {
      File known = file.toFile();
      return new Stamp(file, known.lastModified(), known.length());
    }
  }

  private record Read(List<Stamp> stamps, List<LoadedPrices> lists) {}

  /** The usual place: {@code prices} in the program's cache. */
  public static KeptPrices of(Map<String, String> variables) {
    return new KeptPrices(Environment.ownCache(variables).map(cache -> cache.resolve("prices")));
  }

  /** What was kept of a source; empty where nothing was, or what was is no list any more. */
  public Optional<LoadedPrices> of(String source) {
    return folder.map(place -> place.resolve(source + SUFFIX)).flatMap(KeptPrices::read);
  }

  /** All that was fetched as one list; empty where nothing was. */
  public Optional<LoadedPrices> fetched() {
    List<LoadedPrices> all = files().stream().flatMap(file -> read(file).stream()).toList();
    List<Offer> offers =
        all.stream().flatMap(prices -> prices.list().offers().stream()).distinct().toList();
    return offers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LoadedPrices(
                new PriceList(LIST, "fetched by prices --refresh", offers),
                PriceForm.OWN,
                offers.size(),
                false,
                List.of()));
  }

  /**
   * What is asked where no list is named: what was fetched, and of the program's own market the
   * providers that were not.
   */
  public List<LoadedPrices> usual() {
    List<Stamp> stamps = files().stream().map(Stamp::of).toList();
    Read known = last;
    if (known == null || !known.stamps().equals(stamps)) {
      known = new Read(stamps, joined());
      last = known;
    }
    return known.lists();
  }

  /**
   * The lists of these names: {@link #usual} where none is named.
   *
   * @param lists names, {@link #LIST} among them, or files
   * @param asOf the day of a file's prices, where it has none
   * @throws InputException when there is no such list, or it cannot be used
   */
  public List<LoadedPrices> named(List<String> lists, Optional<PriceDate> asOf) {
    return lists.isEmpty() ? usual() : lists.stream().map(name -> named(name, asOf)).toList();
  }

  private LoadedPrices named(String list, Optional<PriceDate> asOf) {
    if (!list.equals(LIST)) {
      return PriceLists.open(list, asOf);
    }
    return fetched()
        .orElseThrow(
            () ->
                InputError.of("nothing was fetched yet")
                    .kind(ErrorKind.MISSING)
                    .concerning(Subject.option("--list"))
                    .hint(
                        new Subject.Operation("prices"),
                        " ",
                        Subject.option("--refresh"),
                        " fetches current prices")
                    .refusal());
  }

  /** The offers of {@link #usual} with a card; where nothing was fetched, no others are read. */
  public List<Offer> usual(Gpu gpu) {
    return files().isEmpty()
        ? PriceLists.ofMarket(gpu)
        : usual().stream()
            .flatMap(list -> list.list().offers().stream())
            .filter(offer -> offer.gpu().name().equals(gpu.name()))
            .toList();
  }

  private List<LoadedPrices> joined() {
    LoadedPrices market = PriceLists.open(PriceLists.MARKET, Optional.empty());
    Optional<LoadedPrices> fetched = fetched();
    if (fetched.isEmpty()) {
      return List.of(market);
    }
    Set<String> fresh =
        fetched.get().list().offers().stream().map(Offer::provider).collect(Collectors.toSet());
    List<Offer> rest =
        market.list().offers().stream().filter(offer -> !fresh.contains(offer.provider())).toList();
    PriceList list = new PriceList(market.list().name(), market.list().title(), rest);
    return List.of(
        fetched.get(),
        new LoadedPrices(list, market.form(), rest.size(), false, market.findings()));
  }

  /**
   * Keeps the offers of a source in place of those that were there.
   *
   * @throws InputException when they cannot be kept
   */
  void keep(String source, List<Offer> offers) {
    keep(source, offers, Disk.real());
  }

  /** As {@link #keep(String, List)}, on a disk. */
  void keep(String source, List<Offer> offers, Disk disk) {
    Path place =
        folder.orElseThrow(
            () ->
                InputError.of("there is no place to keep prices, since HOME is not set")
                    .kind(ErrorKind.MISSING)
                    .hint("set VRAMCAST_CACHE")
                    .refusal());
    Path file = place.resolve(source + SUFFIX);
    try {
      disk.makeFolders(Disk.folderOf(file));
      disk.write(file, PriceCsv.of(offers).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw InputError.of("cannot be written: ", Shown.cause(e))
          .at(Place.of(file.toString()))
          .kind(ErrorKind.UNREADABLE)
          .refusal(e);
    }
  }

  private List<Path> files() {
    if (folder.filter(Presence::isFolder).isEmpty()) {
      return List.of();
    }
    return Listing.of(folder.get()).stream()
        .filter(file -> file.toString().endsWith(SUFFIX))
        .toList();
  }

  private static Optional<LoadedPrices> read(Path file) {
    if (!Presence.isFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(PriceLists.in(file));
    } catch (InputException e) {
      if (e.getCause() instanceof IOException) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
