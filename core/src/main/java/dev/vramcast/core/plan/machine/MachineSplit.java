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
    int within = within(spread.tensor(), spread.context(), most);
    return Optional.of(
        found(spread.gpus(), gpu.name(), most, within)
            .orElseThrow(() -> uneven(spread.gpus(), gpu, most)));
  }

  /**
   * That of a job that is not settled yet; where several machines do not hold as many each, its
   * cards stay in one, which is said.
   */
  public static Optional<MachineSplit> of(JobDocument job, Gpu gpu, int most) {
    return of(job, gpu.name(), most);
  }

  /**
   * That of a job whose cards may be of any kind.
   *
   * @param most cards in a machine of those that may be rented
   */
  public static Optional<MachineSplit> ofAny(JobDocument job, int most) {
    return of(job, "GPUs", most);
  }

  private static Optional<MachineSplit> of(JobDocument job, String cards, int most) {
    int gpus = whole(job, JobKey.GPU_COUNT);
    if (gpus <= most || job.has(JobKey.NODES)) {
      return Optional.empty();
    }
    int within = within(whole(job, JobKey.TENSOR), whole(job, JobKey.CONTEXT), most);
    return Optional.of(
        found(gpus, cards, most, within)
            .orElseGet(
                () ->
                    new MachineSplit(
                        1,
                        Notice.of(gpus, " ", cards, " are taken to be in one machine, as ")
                            .and("several that hold at most ", most, " do not hold as many each")
                            .and("; ", JobKey.NODES, " says how many there are"))));
  }

  private static int whole(JobDocument job, JobKey key) {
    return job.value(key, Integer.class).orElse(1);
  }

  private static Optional<MachineSplit> found(int gpus, String cards, int most, int within) {
    OptionalInt nodes = nodes(gpus, most, within);
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    int machines = nodes.getAsInt();
    Notice notice =
        Notice.of(gpus, " ", cards, " are taken as ", machines)
            .and(" machines of ", gpus / machines, ", as one usually holds at most ", most)
            .and("; ", JobKey.NODES, " says how many");
    return Optional.of(new MachineSplit(machines, notice));
  }

  /** GPUs that exchange so much with each other that they are put into one machine. */
  private static int within(int tensor, int context, int most) {
    long both = (long) tensor * context;
    return both <= most ? (int) both : tensor <= most ? tensor : 1;
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
    return InputError.of("a machine usually holds at most ", most, " ", gpu.name())
        .kind(ErrorKind.NO_MATCH)
        .and(", and several do not hold as many each of ", gpus)
        .concerning(JobKey.GPU_COUNT)
        .hint("nearest are ", full, " and ", full + most, "; ", JobKey.NODES, " says how many")
        .refusal();
  }

  /** The job with its machines; one stays open where they could not be shared out. */
  public JobDocument over(JobDocument document) {
    return nodes > 1 ? document.with(JobKey.NODES, nodes, ORIGIN) : document;
  }

  /** What the job says of it. */
  public JobDocument.Remark remark() {
    return new JobDocument.Remark(Optional.empty(), notice.and(".").leading());
  }
}
