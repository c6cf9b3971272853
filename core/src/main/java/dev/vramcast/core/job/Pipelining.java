package dev.vramcast.core.job;

import dev.vramcast.core.job.option.layer.PipelineSchedule;
import dev.vramcast.core.job.option.layer.StageRounding;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a pipeline's ranks take turns.
 *
 * @param schedule empty where nobody says
 * @param microBatches that go through the pipeline at a time; those of an optimizer step when empty
 * @param rounding of a number of stages that the ranks do not divide
 */
public record Pipelining(
    Optional<PipelineSchedule> schedule, OptionalInt microBatches, StageRounding rounding) {

  /** Of which nobody says anything. */
  public static final Pipelining UNSAID =
      new Pipelining(Optional.empty(), OptionalInt.empty(), StageRounding.NONE);

  /** How many micro-batches go through the pipeline at a time. */
  public int atATime(Batch batch) {
    return microBatches.orElse(batch.gradAccum());
  }

  /** Whether earlier micro-batches of a step have gone through the pipeline before. */
  public boolean repeats(Batch batch) {
    return batch.gradAccum() > atATime(batch);
  }
}
