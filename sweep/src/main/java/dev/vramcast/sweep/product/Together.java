package dev.vramcast.sweep.product;

import java.util.Optional;

/**
 * The machines of a job.
 *
 * @param machines how many
 * @param networked whether the job says what network they reach each other by
 */
public record Together(int machines, boolean networked) {

  /** A job on one machine, or on none. */
  public static final Together ALONE = new Together(1, false);

  /** Whether so many of a machine run a job together. */
  public boolean join(RentalPrice rent) {
    return rent.terms().joins(machines, networked || rent.connected());
  }

  /** What all of them cost; empty where they run no job together, or cost more than a price is. */
  public Optional<RentalPrice> of(RentalPrice rent) {
    return join(rent) ? rent.price().together(machines).map(rent::costing) : Optional.empty();
  }
}
