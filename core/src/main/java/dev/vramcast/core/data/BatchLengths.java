package dev.vramcast.core.data;

/**
 * The longest example of batches whose examples are drawn independently: with F the share of
 * examples up to a length, F^n is the share of batches of n up to it. A data set is drawn without
 * putting back, which comes to the same while a batch is a small part of it.
 *
 * @param examples in a batch
 */
public record BatchLengths(LengthDistribution lengths, long examples) {

  public BatchLengths {
    if (examples < 1) {
      throw new IllegalArgumentException("a batch of " + examples);
    }
  }

  /** The share of batches, from 0 to 1, whose longest example has at most so many tokens. */
  public double shareUpTo(int tokens) {
    return Math.pow(lengths.shareUpTo(tokens), examples);
  }

  /** The fewest tokens that this share of batches does not exceed. */
  public int quantile(double share) {
    return lengths.quantile(Math.pow(share, 1.0 / examples));
  }

  /** After how many batches, on average, one has more tokens; infinite when none has. */
  public double batchesToLonger(int tokens) {
    double shorter = lengths.shareUpTo(tokens);
    // 1 - F^n without the loss of digits where F is close to 1.
    double longer = -Math.expm1(examples * Math.log(shorter));
    return longer > 0 ? 1 / longer : Double.POSITIVE_INFINITY;
  }
}
