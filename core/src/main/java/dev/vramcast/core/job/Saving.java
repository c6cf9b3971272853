package dev.vramcast.core.job;

import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SaveCode.Consolidator;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.SavedState;
import java.util.Optional;

/**
 * What a run writes to disk, and what it begins from.
 *
 * @param state what a checkpoint holds of the model
 * @param onGpu what ranks hold in shards is gathered on every GPU before it is written
 * @param interval when one is written
 * @param kept how many are left
 * @param states those of the optimizer are written too
 * @param resumes the run goes on from a checkpoint
 * @param last what becomes of the weights when training is over
 */
public record Saving(
    SavedState state,
    boolean onGpu,
    SaveCode.Interval interval,
    SaveCode.Kept kept,
    boolean states,
    boolean resumes,
    Last last) {

  /** The last weights alone, whole. */
  public static final Saving AT_END =
      new Saving(
          SavedState.FULL,
          false,
          new SaveCode.AtEnd(),
          SaveCode.Kept.ALL,
          false,
          false,
          Last.AS_SAVED);

  /**
   * What becomes of the last weights.
   *
   * @param consolidator by which shards are put together; empty where they are not
   * @param merge where adapters are merged; empty where they are not
   * @param gguf what they are converted to
   * @param alone a run does that with weights which another one has trained, and no more
   */
  public record Last(
      Optional<Consolidator> consolidator,
      Optional<MergeDevice> merge,
      Optional<GgufType> gguf,
      boolean alone) {

    /** Nothing. */
    public static final Last AS_SAVED =
        new Last(Optional.empty(), Optional.empty(), Optional.empty(), false);

    boolean isNothing() {
      return consolidator.isEmpty() && merge.isEmpty() && gguf.isEmpty();
    }
  }

  /** By what shards are put together; empty where they are not. */
  public Optional<Consolidator> consolidator() {
    return last.consolidator();
  }

  /** Where adapters are merged when training is over; empty where they are not. */
  public Optional<MergeDevice> merge() {
    return last.merge();
  }

  /** Whether nothing is trained. */
  public boolean alone() {
    return last.alone();
  }

  /** Whether the last weights are left as they are saved. */
  public boolean leavesWeights() {
    return last.isNothing();
  }

  /** What the last weights are converted to. */
  public Optional<GgufType> gguf() {
    return last.gguf();
  }
}
