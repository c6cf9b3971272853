package dev.vramcast.sweep.product;

import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a job is to run.
 *
 * @param count GPUs of the machine; empty where the job says how many
 * @param machine whether these are all GPUs of a machine
 * @param rent of an offer; empty for the cheapest one
 */
public record CardPlace(Gpu gpu, OptionalInt count, boolean machine, Optional<RentalPrice> rent) {

  /** A card without an offer, of which a name may say how many there are. */
  public static CardPlace named(GpuMatch match) {
    return new CardPlace(match.gpu(), match.count(), match.machine(), Optional.empty());
  }

  /** A card of which the job says how many there are. */
  public static CardPlace of(Gpu gpu) {
    return new CardPlace(gpu, OptionalInt.empty(), false, Optional.empty());
  }

  /** The machine of an offer at its price. */
  public static CardPlace rented(Offer offer, RentalPrice rent) {
    return new CardPlace(offer.gpu(), OptionalInt.of(offer.count()), true, Optional.of(rent));
  }

  /** Whether jobs are counted alike here and there, and have the same card. */
  public boolean isLike(CardPlace other) {
    return gpu.equals(other.gpu) && count.equals(other.count) && machine == other.machine;
  }

  /**
   * The job with the GPUs that it has here: those of all its machines.
   *
   * @throws InputException where it says another number
   */
  public JobDocument counted(JobDocument job) {
    int nodes = job.value(JobKey.NODES, Integer.class).orElse(1);
    return rent.isPresent()
        ? job.with(JobKey.GPU_COUNT, count.orElseThrow() * nodes, new Place.Chosen("offers"))
        : new GpuMatch(gpu, count, machine, Optional.empty()).counted(job);
  }
}
