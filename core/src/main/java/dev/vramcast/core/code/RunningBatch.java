package dev.vramcast.core.code;

import dev.vramcast.core.run.episode.PassBatch;

/**
 * The batch over which modules run at the moment: modules are loaded once, passes run them over
 * batches of their own.
 */
public final class RunningBatch {

  private final int contextRanks;
  private PassBatch current;

  /**
   * Nothing runs but what {@code first} says.
   *
   * @param contextRanks among which a sequence is divided
   */
  RunningBatch(PassBatch first, int contextRanks) {
    this.current = first;
    this.contextRanks = contextRanks;
  }

  /** From now on modules run over this one. */
  public void set(PassBatch batch) {
    current = batch;
  }

  long sequences() {
    return current.sequences();
  }

  /** Tokens of a sequence on one rank. */
  long length() {
    return Math.max(1, current.length() / contextRanks);
  }
}
