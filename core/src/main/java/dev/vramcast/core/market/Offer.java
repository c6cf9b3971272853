package dev.vramcast.core.market;

import dev.vramcast.core.hardware.Gpu;
import java.util.Optional;

/**
 * A machine that can be rented.
 *
 * @param provider who rents it out, in lower case
 * @param instance the provider's name for it; empty when the list has none
 * @param gpu what it holds
 * @param count how many of them
 * @param host what else the machine has
 * @param onDemand the whole machine; empty when not offered or not known
 * @param spot as {@code onDemand}, and below it
 * @param region or zone; empty when the list has none
 * @param asOf when the prices held
 * @param source where the prices were read
 * @param terms what comes with it beside the price
 */
public record Offer(
    String provider,
    String instance,
    Gpu gpu,
    int count,
    HostSize host,
    Optional<UsdPerHour> onDemand,
    Optional<UsdPerHour> spot,
    String region,
    PriceDate asOf,
    String source,
    OfferTerms terms) {

  /** GPUs that one machine may hold; the largest known today hold 72. */
  public static final int MAX_COUNT = 1024;

  /**
   * @throws IllegalArgumentException without a price, with a count out of range, or when spot is
   *     not the cheaper way
   */
  public Offer {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count " + count);
    }
    if (onDemand.isEmpty() && spot.isEmpty()) {
      throw new IllegalArgumentException("no price");
    }
    if (onDemand.isPresent() && spot.isPresent() && spot.get().compareTo(onDemand.get()) >= 0) {
      throw new IllegalArgumentException("spot " + spot.get() + " is not below " + onDemand.get());
    }
  }

  /** What the whole machine costs when rented this way. */
  public Optional<UsdPerHour> price(Purchase purchase) {
    return purchase == Purchase.SPOT ? spot : onDemand;
  }

  /** What so many of it cost by the hour when rented this way; empty too of what is no price. */
  public Optional<UsdPerHour> price(Purchase purchase, int machines) {
    return price(purchase).flatMap(each -> each.together(machines));
  }

  /** Whether so many of it have so many GPUs between them. */
  public boolean holds(int gpus, int machines) {
    return (long) count * machines == gpus;
  }

  /**
   * Whether so many of it run a job together: several need a network that somebody vouches for.
   *
   * @param networked whether the job says what network there is
   */
  public boolean joins(int machines, boolean networked) {
    return terms.joins(machines, networked || host.networkBits().isPresent());
  }

  /** What one GPU of it costs when rented this way. */
  public Optional<UsdPerHour> pricePerGpu(Purchase purchase) {
    return price(purchase).map(price -> price.share(count));
  }

  /** An offer without a name, a region and a price, save what is set. */
  public static OfferBuilder builder() {
    return new OfferBuilder();
  }

  /** This offer, save what is set. */
  public OfferBuilder toBuilder() {
    return new OfferBuilder(this);
  }
}
