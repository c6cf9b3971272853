package dev.vramcast.answers.first;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.MachineNeeds;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.run.RankEstimate;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was found about a job, on a card or without one.
 *
 * @param model name for people
 * @param worst the rank that needs most
 * @param neededBytes of each card
 * @param errors of runs like the job, of which the range is made; empty where none is known
 * @param caveats where the job is less than its model's name lets expect
 * @param needs beside what steps take of cards
 * @param card with what may be used of it; empty where the job names none
 */
public record Outcome(
    String model,
    Resolution resolution,
    RankEstimate worst,
    long neededBytes,
    Optional<RangeRow> errors,
    Caveats caveats,
    MachineNeeds needs,
    Optional<OnCard> card) {

  /** Between which bytes the truth is expected; empty where none is known. */
  Optional<ByteRange> range() {
    return errors.map(row -> row.about(neededBytes));
  }

  /**
   * A card and the verdict on the job.
   *
   * @param usableBytes of it
   * @param chance that the job fits; empty where nothing is known of such jobs
   */
  public record OnCard(Gpu gpu, long usableBytes, Verdict verdict, OptionalDouble chance) {}
}
