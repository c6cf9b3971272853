package dev.vramcast.core.plan.machine;

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
public record MachineSplit(int nodes, Notice notice) {

  private static final Place ORIGIN = new Place.Chosen("what a machine of such cards holds");

  /**
   * That of a job; empty where one machine holds its cards.
   *
   * @param most cards of this kind in a machine
   * @throws InputException where no number of machines holds as many each
   */
  public static Optional<MachineSplit> of(Parallelism spread, Gpu gpu, int most) {
    if (spread.gpus() <= most) {
      return Optional.empty();
    }
    int nodes =
        nodes(spread.gpus(), most, within(spread, most))
            .orElseThrow(() -> uneven(spread.gpus(), gpu, most));
    Notice notice =
        Notice.of("no machine is known to hold ", spread.gpus(), " ")
            .and(gpu.name(), ", so they are taken as ", nodes)
            .and(" machines of ", spread.gpus() / nodes, "; ", JobKey.NODES, " says how many");
    return Optional.of(new MachineSplit(nodes, notice));
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

  private static InputException uneven(int gpus, Gpu gpu, int most) {
    int full = gpus / most * most;
    return InputError.of("no machine is known to hold ", gpus, " ")
        .kind(ErrorKind.NO_MATCH)
        .and(gpu.name(), ", nor do several hold as many each")
        .concerning(JobKey.GPU_COUNT)
        .hint("nearest are ", full, " and ", full + most, "; ", JobKey.NODES, " says how many")
        .refusal();
  }

  /** The job with its machines. */
  public JobDocument over(JobDocument document) {
    return document.with(JobKey.NODES, nodes, ORIGIN);
  }
}
