package dev.vramcast.catalog.gpu;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.machine.MachineSplit;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The device a text names.
 *
 * @param count how many; empty when the text does not say
 * @param machine whether the text names a machine, which has all of them
 * @param assumption what the text left open and how it was read, for the user to see
 */
public record GpuMatch(Gpu gpu, OptionalInt count, boolean machine, Optional<Notice> assumption) {

  /**
   * The job whose {@code hardware.gpu} names this device: a count in the name is the job's count,
   * or that of each of its nodes where one machine holds as many. More GPUs than a machine holds
   * are in several where nobody says in how many, which the job remarks.
   *
   * @throws InputException when the job has another count already
   */
  public JobDocument counted(JobDocument job) {
    JobDocument counted = counted(job, inAllOf(job));
    Optional<MachineSplit> split = MachineSplit.of(counted, gpu, most());
    return machine && split.isPresent()
        ? counted.with(JobKey.NODES, 1, new Place.Chosen("the machine of that name"))
        : split.map(several -> several.over(counted).with(several.remark())).orElse(counted);
  }

  /** Whether the job has more of the device than a machine usually holds, in none of their name. */
  public boolean exceedsAMachine(JobDocument job) {
    int gpus = count.orElseGet(() -> job.value(JobKey.GPU_COUNT, Integer.class).orElse(1));
    return !machine && gpus > most();
  }

  private int most() {
    return GpuCatalog.embedded().remark(gpu).mostInAMachine();
  }

  /** That the name's count is taken as that of each node; empty where it is not. */
  public Optional<Notice> ofEachNode(JobDocument job) {
    return inEach(job)
        ? Optional.of(
            Notice.of(Shown.given(job.text(JobKey.GPU).orElse(gpu.name())), " is in each of ")
                .and(nodes(job), " nodes, ", inAll(job), " GPUs in all"))
        : Optional.empty();
  }

  /** How many the name says that the job has in all its machines; empty when it says no number. */
  public OptionalInt inAllOf(JobDocument job) {
    return inEach(job) ? OptionalInt.of(inAll(job)) : count;
  }

  private boolean inEach(JobDocument job) {
    int named = count.orElse(1);
    boolean one = named > 1 && (machine || named <= most());
    Optional<Integer> stated = job.value(JobKey.GPU_COUNT, Integer.class);
    return nodes(job) > 1
        && one
        && stated.filter(all -> all == count.getAsInt()).isEmpty()
        && (long) count.getAsInt() * nodes(job) <= CountedGpu.MAX_COUNT;
  }

  private int inAll(JobDocument job) {
    return count.orElseThrow() * nodes(job);
  }

  private static int nodes(JobDocument job) {
    return job.value(JobKey.NODES, Integer.class).orElse(1);
  }

  static JobDocument counted(JobDocument job, OptionalInt count) {
    if (count.isEmpty()) {
      return job;
    }
    Optional<Integer> given = job.value(JobKey.GPU_COUNT, Integer.class);
    if (given.isPresent() && given.get() != count.getAsInt()) {
      throw InputError.about(JobKey.GPU)
          .at(job.place(JobKey.GPU))
          .and(
              " names ",
              count.getAsInt(),
              count.getAsInt() == 1 ? " GPU" : " GPUs",
              ", but ",
              JobKey.GPU_COUNT,
              " is ",
              given.get())
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    Place place = job.place(JobKey.GPU).orElseGet(() -> new Place.Chosen(""));
    return job.with(JobKey.GPU_COUNT, count.getAsInt(), place);
  }
}
