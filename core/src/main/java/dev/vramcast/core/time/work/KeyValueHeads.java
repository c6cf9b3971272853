package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.KeyValueSize;

/**
 * Whose keys and values are kept while completions are generated.
 *
 * @param window tokens that are kept; 0 for all
 * @param count heads that GPUs of a tensor-parallel replica divide; 1 for what all heads share
 */
public record KeyValueHeads(int window, int count) {

  /** Of so many tokens, those whose keys and values are there. */
  public double tokens(double all) {
    return window > 0 ? Math.min(all, window) : all;
  }

  /** The part of the heads that one of so many GPUs has. */
  public double share(int ranks) {
    return (double) KeyValueSize.heads(count, ranks) / count;
  }
}
