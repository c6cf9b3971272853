package dev.vramcast.core.plan.machine;

import dev.vramcast.core.cost.Work;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.range.Verdict;
import java.util.Optional;
import java.util.OptionalDouble;

/** What becomes of a run on a machine. */
public sealed interface Outcome {

  /**
   * It runs.
   *
   * @param verdict on memory
   * @param chance that memory is enough; empty where nothing is known of it
   * @param strategy that spreads it over several GPUs; empty on one
   * @param neededBytes of each GPU
   * @param usableBytes of a GPU
   * @param check of the memory of its GPUs
   */
  record Runs(
      Verdict verdict,
      OptionalDouble chance,
      Optional<String> strategy,
      long neededBytes,
      long usableBytes,
      Work work,
      FitCheck check)
      implements Outcome {}

  /**
   * It needs more memory than there is.
   *
   * @param neededBytes of each GPU
   * @param usableBytes of a GPU
   */
  record TooLarge(long neededBytes, long usableBytes) implements Outcome {}

  /**
   * Its GPUs hold it, and no machine that is on offer with them has the memory or the disk.
   *
   * @param shortage on the machine that has most of it
   */
  record MachineTooSmall(Shortage shortage) implements Outcome {}

  /**
   * It cannot run there, or nothing is known of it.
   *
   * @param reason where it is the card's, what is said of it
   */
  record Unknown(Notice reason) implements Outcome {}
}
