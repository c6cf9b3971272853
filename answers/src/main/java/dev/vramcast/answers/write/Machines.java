package dev.vramcast.answers.write;

import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Into how many machines the cards of a job are put where nobody says it: no more in each than a
 * machine of such cards usually holds.
 *
 * @param nodes machines
 * @param notice what is to be known of it
 */
record Machines(int nodes, Notice notice) {

  private static final Place ORIGIN = new Place.Chosen("what a machine of such cards holds");

  /**
   * Those of a job; empty where it says them, or one holds its cards.
   *
   * @throws InputException where no number of machines holds as many each
   */
  static Optional<Machines> of(RequestedJob job) {
    Parallelism spread = job.resolution().job().parallelism();
    boolean said = job.document().has(JobKey.NODES);
    int most = job.gpu().map(Machines::most).orElse(spread.gpus());
    if (said || spread.gpus() <= most) {
      return Optional.empty();
    }
    int nodes =
        nodes(spread.gpus(), most, within(spread, most)).orElseThrow(() -> uneven(job, most));
    Notice notice =
        Notice.of("no machine is known to hold ", spread.gpus(), " ")
            .and(job.gpu().orElseThrow().name(), ", so they are taken as ", nodes)
            .and(" machines of ", spread.gpus() / nodes, "; ", JobKey.NODES, " says how many");
    return Optional.of(new Machines(nodes, notice));
  }

  private static int most(Gpu gpu) {
    return GpuCatalog.embedded().remark(gpu).mostInAMachine();
  }

  /** GPUs that exchange so much with each other that they are put into one machine. */
  private static int within(Parallelism spread, int most) {
    int both = spread.tensor() * spread.context();
    return both <= most ? both : spread.tensor() <= most ? spread.tensor() : 1;
  }

  /** The fewest that hold as many each; empty where these would be less than half full. */
  private static OptionalInt nodes(int gpus, int most, int within) {
    return IntStream.rangeClosed((gpus + most - 1) / most, gpus)
        .filter(nodes -> gpus % nodes == 0 && gpus / nodes % within == 0)
        .filter(nodes -> 2 * (gpus / nodes) >= most)
        .findFirst();
  }

  private static InputException uneven(RequestedJob job, int most) {
    int gpus = job.resolution().job().parallelism().gpus();
    int full = gpus / most * most;
    return InputError.of("no machine is known to hold ", gpus, " ")
        .kind(ErrorKind.NO_MATCH)
        .and(job.gpu().orElseThrow().name(), ", nor do several hold as many each")
        .concerning(JobKey.GPU_COUNT)
        .hint("nearest are ", full, " and ", full + most, "; ", JobKey.NODES, " says how many")
        .refusal();
  }

  /** The job with its machines. */
  JobDocument over(JobDocument document) {
    return document.with(JobKey.NODES, nodes, ORIGIN);
  }
}
