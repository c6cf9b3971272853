package dev.vramcast.answers.write;

import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;

/**
 * Into how many machines the cards of a job are put where nobody says it: no more in each than a
 * machine of such cards usually holds.
 *
 * @param nodes machines
 * @param notice what is to be known of it
 */
record Machines(int nodes, Notice notice) {

  private static final Place ORIGIN = new Place.Chosen("what a machine of such cards holds");

  /** Those of a job; empty where it says them, or one holds its cards. */
  static Optional<Machines> of(RequestedJob job) {
    Parallelism spread = job.resolution().job().parallelism();
    boolean said = job.document().has(JobKey.NODES);
    int most = job.gpu().map(Machines::most).orElse(spread.gpus());
    if (said || spread.gpus() <= most) {
      return Optional.empty();
    }
    int nodes = nodes(spread.gpus(), most);
    Notice notice =
        Notice.of("no machine is known to hold ", spread.gpus(), " ")
            .and(job.gpu().orElseThrow().name(), ", so they are taken as ", nodes)
            .and(" machines of ", spread.gpus() / nodes, "; ", JobKey.NODES, " says how many");
    return Optional.of(new Machines(nodes, notice));
  }

  private static int most(Gpu gpu) {
    return GpuCatalog.embedded().remark(gpu).mostInAMachine();
  }

  /** The fewest that hold as many each. */
  private static int nodes(int gpus, int most) {
    int nodes = (gpus + most - 1) / most;
    while (gpus % nodes != 0) {
      nodes++;
    }
    return nodes;
  }

  /** The job with its machines. */
  JobDocument over(JobDocument document) {
    return document.with(JobKey.NODES, nodes, ORIGIN);
  }
}
