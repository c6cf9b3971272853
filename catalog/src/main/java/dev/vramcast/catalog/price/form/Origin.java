package dev.vramcast.catalog.price.form;

import dev.vramcast.core.market.PriceDate;
import java.util.Set;

/**
 * What is known of a file beside its content.
 *
 * @param name what the user calls it
 * @param provider by its folder or its name, for files that do not say
 * @param asOf its own date, for files that do not say
 */
public record Origin(String name, String provider, PriceDate asOf) {

  /** Where offers are those of many sellers, so that prices differ for good reasons. */
  private static final Set<String> MARKETPLACES =
      Set.of("vast", "vastai", "primeintellect", "shadeform", "spheron", "hyperbolic", "cudo");

  boolean isMarketplace() {
    return MARKETPLACES.contains(provider);
  }
}
