package dev.vramcast.formats.write;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import java.util.Optional;

/**
 * Where a job runs.
 *
 * @param gpus of one machine
 * @param nodes machines
 * @param gpu which; empty when nobody said
 * @param rental the offer that was chosen; empty when none was
 */
public record Place(int gpus, int nodes, Optional<Gpu> gpu, Optional<Rental> rental) {

  /**
   * A machine for rent.
   *
   * @param provider in lower case, as price lists name it
   * @param instance the provider's name for the machine; may be empty
   * @param region or zone; may be empty
   * @param spot whether it may be taken away
   */
  public record Rental(String provider, String instance, String region, boolean spot) {

    /** A machine of a price list, rented in one of its ways. */
    public static Rental of(Offer offer, Purchase purchase) {
      return new Rental(
          offer.provider(), offer.instance(), offer.region(), purchase == Purchase.SPOT);
    }
  }
}
