package dev.vramcast.core.run.episode;

import dev.vramcast.core.job.Batch;

/**
 * What a pass runs over, on one data-parallel rank.
 *
 * @param sequences of one forward pass
 * @param length tokens of a sequence
 */
public record PassBatch(int sequences, int length) {

  public PassBatch {
    if (sequences < 1 || length < 1) {
      throw new IllegalArgumentException(sequences + " sequences of " + length + " tokens");
    }
  }

  /** A micro-batch of the job; one row where documents are packed. */
  public static PassBatch of(Batch batch) {
    if (batch.packsDocuments()) {
      return new PassBatch(1, Math.multiplyExact(batch.microBatch(), batch.sequenceLength()));
    }
    return new PassBatch(batch.microBatch(), batch.sequenceLength());
  }

  public long tokens() {
    return (long) sequences * length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PassBatch batch
        && sequences == batch.sequences
        && length == batch.length;
  }

  /** By hand, as {@link #equals}: a program that starts pays for what a record makes by itself. */
  @Override
  public int hashCode() {
    return 31 * sequences + length;
  }
}
