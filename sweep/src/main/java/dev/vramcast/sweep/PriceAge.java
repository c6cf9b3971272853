package dev.vramcast.sweep;

import dev.vramcast.core.market.AgeLimit;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Optional;

/**
 * How old prices may be on a day, so that all machines that are told take the same ones.
 *
 * @param limit days, or {@code any}; empty where nobody says
 * @param today tells how old prices are
 */
public record PriceAge(String limit, LocalDate today) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Prices of any age. */
  public static final PriceAge ANY = new PriceAge("any", LocalDate.EPOCH);

  /**
   * The limit that is said; empty where none is.
   *
   * @throws dev.vramcast.core.input.InputException when it is none
   */
  public Optional<AgeLimit> stated() {
    return limit.isEmpty() ? Optional.empty() : Optional.of(AgeLimit.parse(limit));
  }
}
