package dev.vramcast.core.code;

import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;

/**
 * What runs at the moment: modules are loaded once, passes run them over batches of their own, and
 * with adapters or without.
 */
public final class RunningPass {

  private final int contextRanks;
  private PassBatch batch;
  private boolean adapters = true;

  /**
   * Nothing runs but what {@code first} says.
   *
   * @param contextRanks among which a sequence is divided
   */
  RunningPass(PassBatch first, int contextRanks) {
    this.batch = first;
    this.contextRanks = contextRanks;
  }

  /** From now on modules run this one. */
  public void set(Pass pass) {
    batch = pass.batch();
    adapters = pass.adapters();
  }

  long sequences() {
    return batch.sequences();
  }

  /** Tokens of a sequence on one rank. */
  long length() {
    return Math.max(1, batch.length() / contextRanks);
  }

  /** Whether adapters take part, where there are any. */
  public boolean adapters() {
    return adapters;
  }
}
