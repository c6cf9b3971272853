package dev.vramcast.core.data;

/** The lengths of a data set's examples, in tokens. */
public sealed interface LengthDistribution permits CountedLengths, QuantileLengths {

  /** No example is longer than this many tokens, which is what {@code int} holds in most places. */
  int LONGEST = 100_000_000;

  /** Tokens of the longest example. */
  int max();

  /** Mean tokens of an example. */
  double mean();

  /**
   * The fewest tokens that at least this share of examples is no longer than.
   *
   * @param share from 0 to 1
   */
  int quantile(double share);

  /** The share of examples, from 0 to 1, that are no longer than this many tokens. */
  double shareUpTo(int tokens);

  /** The lengths when longer examples are cut to this many tokens. */
  LengthDistribution cutAt(int tokens);
}
