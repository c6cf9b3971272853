package dev.vramcast.catalog.price;

import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Writes price files where users have them, and reads them. */
public final class PriceFixture {

  public static final PriceDate DAY = PriceDate.of(LocalDate.of(2026, 9, 1));

  private PriceFixture() {}

  /** A provider's {@code vms.csv}, in the provider's folder as in SkyPilot's repository. */
  public static LoadedPrices skypilot(Path folder, String provider, String csv) {
    return read(folder.resolve("catalogs/v8").resolve(provider).resolve("vms.csv"), csv);
  }

  public static LoadedPrices read(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return PriceLists.open(file.toString(), Optional.of(DAY));
  }

  /** As {@code p5.48xlarge us-east-1 H100 SXM5 80GB x8 55.04/9.37}, in the list's order. */
  public static List<String> offers(LoadedPrices prices) {
    return prices.list().offers().stream().map(PriceFixture::text).toList();
  }

  private static String text(Offer offer) {
    return "%s %s %s x%d %s/%s"
        .formatted(
            offer.instance(),
            offer.region(),
            offer.gpu().name(),
            offer.count(),
            price(offer, Purchase.ON_DEMAND),
            price(offer, Purchase.SPOT));
  }

  private static String price(Offer offer, Purchase purchase) {
    return offer.price(purchase).map(Object::toString).orElse("-");
  }
}
