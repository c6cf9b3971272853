package dev.vramcast.sweep;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.sweep.product.RentalPrice;
import java.util.Optional;

/**
 * One job to estimate.
 *
 * @param job names its model and, where a verdict, a time or a price is wanted, its GPU
 * @param rent what its machine costs; empty to take the cheapest offer of such a machine
 */
public record SweepRow(JobDocument job, Optional<RentalPrice> rent) {

  /** A job on the cheapest machine that has its GPUs. */
  public static SweepRow of(JobDocument job) {
    return new SweepRow(job, Optional.empty());
  }
}
