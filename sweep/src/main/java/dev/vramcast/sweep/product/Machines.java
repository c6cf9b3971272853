package dev.vramcast.sweep.product;

import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds GPUs by name, and the cheapest machine with so many of them. */
public final class Machines {

  /** Names beyond which all are forgotten; a catalogue has fewer. */
  private static final int MOST = 10_000;

  /** By price, and alike in price as {@code vramcast cost} does. */
  private static final Comparator<Offer> TIES =
      Comparator.comparing(Offer::provider)
          .thenComparing(Offer::instance)
          .thenComparing(Offer::region);

  private record Kind(String gpu, int count) {}

  private final GpuFinder gpus;
  private final Map<String, GpuMatch> found = new HashMap<>();
  private final Map<Kind, List<RentalPrice>> byPrice = new HashMap<>();

  public Machines(GpuFinder gpus, List<Offer> offers, Purchase purchase) {
    this.gpus = gpus;
    offers.stream()
        .filter(offer -> offer.price(purchase).isPresent())
        .sorted(
            Comparator.<Offer, UsdPerHour>comparing(offer -> offer.price(purchase).orElseThrow())
                .thenComparing(TIES))
        .forEach(
            offer ->
                byPrice
                    .computeIfAbsent(
                        new Kind(offer.gpu().name(), offer.count()), kind -> new ArrayList<>())
                    .add(RentalPrice.of(offer, purchase).orElseThrow()));
  }

  /** The GPU of a name; an error is not remembered, as it is rare. */
  public GpuMatch gpu(String name) {
    GpuMatch known = found.get(name);
    if (known == null) {
      known = gpus.find(name);
      if (found.size() == MOST) {
        found.clear();
      }
      found.put(name, known);
    }
    return known;
  }

  /**
   * The cheapest machine of which as many as a job takes have so many of these and no more.
   *
   * @param count in all machines
   */
  public Optional<RentalPrice> cheapest(Gpu gpu, int count, Together together) {
    Kind each = new Kind(gpu.name(), count / together.machines());
    return byPrice.getOrDefault(each, List.of()).stream().filter(together::join).findFirst();
  }
}
