package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.Saving;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.run.MemoryEstimate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a run needs beside the memory that its steps take of cards.
 *
 * @param shortage the first thing of which there is too little: on the card, in the machine's
 *     memory, on its disk
 * @param host what takes most of each machine's memory; there where something is offloaded to it
 * @param disk what is on the disk when most is; there where that is too much
 */
public record MachineNeeds(
    Optional<Shortage> shortage, Optional<EpisodeNeed> host, List<DiskShare> disk) {

  public MachineNeeds {
    disk = List.copyOf(disk);
  }

  /**
   * No machine with GPUs that can be rented has more memory of its own (EC2's p6-b300.48xlarge;
   * recalled).
   */
  public static final long LARGEST_HOST = 4L << 40;

  /** Where a merge may take more of a card than the training took. */
  private static final Set<MergeDevice> CARDS =
      EnumSet.of(MergeDevice.GPU, MergeDevice.FILE_BY_FILE);

  /** GPUs of the largest machines (EC2's p2.16xlarge). */
  private static final int MOST_GPUS = 16;

  private static final MachineNeeds NOTHING =
      new MachineNeeds(Optional.empty(), Optional.empty(), List.of());

  /**
   * Nothing is looked at where the job says nothing of its machines, offloads nothing to them and
   * asks for nothing that could take more of a card than its steps.
   *
   * @param usableBytes of each card
   */
  public static MachineNeeds of(
      Architecture architecture, Resolution resolution, MemoryEstimate memory, long usableBytes) {
    ResolvedJob job = resolution.job();
    OptionalLong there = job.machine().memoryBytes();
    boolean machine = there.isPresent() || job.machine().diskBytes().isPresent();
    boolean card = asksOfCards(job.saving());
    boolean offloads = offloadedBytes(architecture, job, memory) > 0;
    boolean limited = offloads && there.isEmpty() && isOneMachine(job.parallelism());
    if (!machine && !card && !offloads) {
      return NOTHING;
    }
    Life life = LifeEstimator.estimate(architecture, resolution, memory);
    long room = usableBytes - memory.worst().outside().bytes();
    Optional<Shortage> onCard = card ? life.shortage(room) : Optional.empty();
    Optional<Shortage> shortage =
        onCard
            .or(() -> life.shortage(job.machine()))
            .or(() -> limited ? life.shortageOfHost(LARGEST_HOST) : Optional.empty());
    boolean disk = shortage.filter(it -> it.resource() == Life.Resource.DISK).isPresent();
    return new MachineNeeds(
        shortage,
        Optional.of(life.highestOnHost()).filter(most -> offloads),
        disk ? life.disk() : List.of());
  }

  /**
   * What is offloaded to the memory of each machine: of the cards' ranks, and experts that run
   * there.
   */
  public static long offloadedBytes(
      Architecture architecture, ResolvedJob job, MemoryEstimate memory) {
    return Capped.plus(
        memory.hostBytes(job.parallelism().nodes()), ExpertHost.bytes(architecture, job));
  }

  /** More GPUs than a machine has are in machines of which nobody says how many there are. */
  private static boolean isOneMachine(Parallelism parallelism) {
    return parallelism.gpus() <= MOST_GPUS * parallelism.nodes();
  }

  /** Whether a run does more on cards than to train and evaluate. */
  public static boolean asksOfCards(Saving saving) {
    return saving.onGpu() || saving.resumes() || saving.merge().filter(CARDS::contains).isPresent();
  }
}
