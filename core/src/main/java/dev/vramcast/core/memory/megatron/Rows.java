package dev.vramcast.core.memory.megatron;

import dev.vramcast.core.job.ResolvedJob;

/**
 * Tokens of a micro-batch on one rank.
 *
 * @param batch sequences
 * @param sequence tokens of a sequence: context parallelism divides them
 * @param share of the tokens between the parts of a layer: sequence parallelism divides them
 */
record Rows(long batch, long sequence, long share) {

  static Rows of(ResolvedJob job, Division division) {
    long batch = job.batch().microBatch();
    long sequence = job.batch().sequenceLength() / division.context();
    return new Rows(batch, sequence, batch * sequence / division.tokenWays());
  }

  long all() {
    return batch * sequence;
  }

  /** Elements of so many features of all tokens. */
  long all(long features) {
    return Math.multiplyExact(all(), features);
  }

  /** Elements of so many features of this rank's share of the tokens. */
  long share(long features) {
    return Math.multiplyExact(share, features);
  }
}
