package dev.vramcast.core.plan.search;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
import java.util.OptionalDouble;

/**
 * What a job sees of offers: everything that is offered as this runs it as fast.
 *
 * @param count GPUs of one machine
 * @param nodes machines that run the job together
 * @param network bits a second that each has to the others; empty for one alone, and where nobody
 *     says
 */
public record Machine(Gpu gpu, int count, int nodes, OptionalDouble network) {

  private static final Place ORIGIN = new Place.Chosen("the machines of the plan");

  /** So many machines of an offer. */
  public static Machine of(Offer offer, int nodes) {
    OptionalDouble network = nodes > 1 ? offer.host().networkBits() : OptionalDouble.empty();
    return new Machine(offer.gpu(), offer.count(), nodes, network);
  }

  /** GPUs in all. */
  public int gpus() {
    return count * nodes;
  }

  /** The job on as many machines, without the number of GPUs; what it says of the network stays. */
  public JobDocument across(JobDocument job) {
    if (nodes == 1) {
      return job;
    }
    JobDocument spread = job.with(JobKey.NODES, nodes, ORIGIN);
    return network.isPresent() && !job.has(JobKey.NETWORK)
        ? spread.with(JobKey.NETWORK, network.getAsDouble() / GIGA, ORIGIN)
        : spread;
  }
}
