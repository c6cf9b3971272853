package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.Saving;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.run.MemoryEstimate;
import java.util.Optional;

/** What a run has too little of beside the memory that its steps take. */
public final class Shortages {

  private Shortages() {}

  /**
   * The first of them: on the card, in the machine's memory, on its disk. Nothing is looked at
   * where the job says nothing of its machines, and asks for nothing that could take more of a card
   * than its steps.
   *
   * @param usableBytes of each card
   */
  public static Optional<Shortage> of(
      Architecture architecture, Resolution resolution, MemoryEstimate memory, long usableBytes) {
    ResolvedJob job = resolution.job();
    boolean machine =
        job.machine().memoryBytes().isPresent() || job.machine().diskBytes().isPresent();
    boolean card = asksOfCards(job.saving());
    if (!machine && !card) {
      return Optional.empty();
    }
    Life life = LifeEstimator.estimate(architecture, resolution, memory);
    long room = usableBytes - memory.worst().outside().bytes();
    Optional<Shortage> onCard = card ? life.shortage(room) : Optional.empty();
    return onCard.or(() -> life.shortage(job.machine()));
  }

  /** Whether a run does more on cards than to train and evaluate. */
  public static boolean asksOfCards(Saving saving) {
    return saving.onGpu()
        || saving.resumes()
        || saving.merge().filter(MergeDevice.GPU::equals).isPresent();
  }
}
