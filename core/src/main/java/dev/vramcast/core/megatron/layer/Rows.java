package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.run.episode.PassBatch;

/**
 * Tokens of a micro-batch on one rank.
 *
 * @param batch sequences
 * @param sequence tokens of a sequence: context parallelism divides them
 * @param share of the tokens between the parts of a layer: sequence parallelism divides them
 */
public record Rows(long batch, long sequence, long share) {

  /** A micro-batch of the job. */
  public static Rows of(ResolvedJob job, Division division) {
    return of(job, PassBatch.of(job.batch()), division);
  }

  /** What a pass runs over, in sequences of the job's length. */
  public static Rows of(ResolvedJob job, PassBatch whole, Division division) {
    int length = job.batch().sequenceLength();
    long batch = whole.tokens() / length;
    long sequence = length / division.context();
    return new Rows(batch, sequence, batch * sequence / division.tokenDegree());
  }

  public long all() {
    return batch * sequence;
  }

  /** Elements of so many features of all tokens. */
  public long all(long features) {
    return Math.multiplyExact(all(), features);
  }

  /** Elements of so many features of this rank's share of the tokens. */
  public long share(long features) {
    return Math.multiplyExact(share, features);
  }
}
