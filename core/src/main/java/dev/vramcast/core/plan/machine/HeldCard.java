package dev.vramcast.core.plan.machine;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A card that a job is held against, among others.
 *
 * @param rent empty where its rates are not known
 * @param offer the cheapest such machine, whatever is known of rates; empty where none is listed
 * @param today tells how old its price is
 */
public record HeldCard(
    Gpu gpu, FitCheck check, Optional<Rent> rent, Optional<Offer> offer, LocalDate today) {

  /** Young prices come before those that may hold no more, and those before none. */
  private static final Comparator<HeldCard> CHEAPEST =
      Comparator.comparing((HeldCard card) -> card.hourly().isEmpty())
          .thenComparing(card -> card.isOld())
          .thenComparing(
              card -> card.hourly().orElse(null),
              Comparator.nullsLast(Comparator.<UsdPerHour>naturalOrder()))
          .thenComparing(card -> card.gpu().allocatableBytes());

  /** A job's check on a card with what a market has of it. */
  public static HeldCard of(
      Architecture architecture, FitCheck check, Gpu gpu, Rent.Market market) {
    Optional<Rent> rent = Rent.of(architecture, check, gpu, market);
    Supplier<Life> life =
        () -> LifeEstimator.estimate(architecture, check.resolution(), check.memory());
    Parallelism spread = check.resolution().job().parallelism();
    Optional<Offer> offer =
        rent.isPresent() ? rent.get().offer() : market.cheapest(gpu, spread, life);
    return new HeldCard(gpu, check, rent, offer, market.today());
  }

  /** The cheapest to rent first, and those that no list has a price of last. */
  public static List<HeldCard> byPrice(List<HeldCard> cards) {
    return cards.stream().sorted(CHEAPEST).toList();
  }

  /** The card with the least memory of those that hold the job for certain. */
  public static Optional<Gpu> smallest(List<HeldCard> cards) {
    return cards.stream()
        .filter(card -> card.check().fits())
        .map(HeldCard::gpu)
        .min(Comparator.comparingLong(Gpu::allocatableBytes));
  }

  /** What the cheapest such machines cost; empty where no list has one. */
  public Optional<UsdPerHour> hourly() {
    return offer.flatMap(machine -> machine.price(Purchase.ON_DEMAND, check.machines()));
  }

  private boolean isOld() {
    return offer.filter(machine -> !AgeLimit.USUAL.isYoung(machine, today)).isPresent();
  }
}
