package dev.vramcast.core.plan.machine;

import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.market.UsdPerHour;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A card that a job is held against, among others.
 *
 * @param rent empty where its rates are not known
 */
public record HeldCard(Gpu gpu, FitCheck check, Optional<Rent> rent) {

  /** Young prices come before those that may hold no more, and those before none. */
  private static final Comparator<HeldCard> CHEAPEST =
      Comparator.comparing((HeldCard card) -> card.hourly().isEmpty())
          .thenComparing(card -> card.rent().filter(Rent::isOld).isPresent())
          .thenComparing(
              card -> card.hourly().orElse(null),
              Comparator.nullsLast(Comparator.<UsdPerHour>naturalOrder()))
          .thenComparing(card -> card.gpu().allocatableBytes());

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

  /** What the cheapest such machine costs; empty where no list has one. */
  public Optional<UsdPerHour> hourly() {
    return rent.flatMap(Rent::hourly);
  }
}
