package dev.vramcast.answers.guide;

import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceList;
import dev.vramcast.core.market.UsdPerHour;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The cards of the guide's price list. */
enum GuideCard {
  RTX_5090("RTX 5090", "RTX 5090"),
  A100_80G("A100 80G", "A100 80GB PCIe", "A100 80G PCIe"),
  A100_40G("A100 40G", "A100 40GB SXM4"),
  H100_PCIE("H100 PCIe", "H100 PCIe 80GB"),
  RTX_PRO_6000("RTX PRO 6000", "RTX PRO 6000 Blackwell Workstation"),
  H100_SXM5("H100 SXM5", "H100 SXM5 80GB");

  private static final class Prices {
    static final PriceList LIST = PriceLists.open(PriceLists.GUIDE, Optional.empty()).list();
  }

  private final String label;
  private final String catalogueName;
  private final List<String> otherNames;

  GuideCard(String label, String catalogueName, String... otherNames) {
    this.label = label;
    this.catalogueName = catalogueName;
    this.otherNames = List.of(otherNames);
  }

  /**
   * The card that the guide calls so; it writes both {@code A100 80G} and {@code A100 80G PCIe}.
   */
  static GuideCard named(String guidesName) {
    return Arrays.stream(values())
        .filter(card -> card.label.equals(guidesName) || card.otherNames.contains(guidesName))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no card '" + guidesName + "'"));
  }

  /** The guide's name. */
  String label() {
    return label;
  }

  Gpu gpu() {
    return offer().gpu();
  }

  /** As on the box, in 10^9 bytes. */
  int gigabytes() {
    return gpu().memory().marketedGigabytes();
  }

  /** On demand. */
  UsdPerHour price() {
    return offer().onDemand().orElseThrow();
  }

  /** The only one of this card, of a machine with one. */
  Offer offer() {
    return Prices.LIST.offers().stream()
        .filter(offer -> offer.gpu().name().equals(catalogueName))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no price of " + catalogueName));
  }
}
