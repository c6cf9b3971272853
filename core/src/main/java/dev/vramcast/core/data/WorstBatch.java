package dev.vramcast.core.data;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The batches of a run that are padded to their longest example.
 *
 * @param lengths of the examples before any is cut
 * @param cutOff tokens at which longer examples are cut
 * @param microBatch examples that a GPU runs at a time
 * @param dataParallel micro-batches that run at the same time, each of other examples
 * @param examples of the data set, where known
 * @param epochs how often the data set is passed
 * @param survival what a card survives; empty when no card is named
 */
public record WorstBatch(
    LengthDistribution lengths,
    int cutOff,
    int microBatch,
    int dataParallel,
    OptionalDouble examples,
    double epochs,
    Optional<Survival> survival) {

  /**
   * The longest sequences, in tokens, that fit a card; 0 when none do.
   *
   * @param surely by the high end of the estimate's range
   * @param expected by the estimate
   * @param perhaps by the low end of its range
   */
  public record Survival(int surely, int expected, int perhaps) {}

  /** The lengths as they are trained on. */
  public LengthDistribution cut() {
    return lengths.cutAt(cutOff);
  }

  /** Tokens of the longest batch: a run that passes all examples meets it for certain. */
  public int longest() {
    return Math.min(lengths.max(), cutOff);
  }

  /** The share of examples that are cut. */
  public double shareCut() {
    return 1 - lengths.shareUpTo(cutOff);
  }

  /** The micro-batches of one GPU. */
  public BatchLengths batches() {
    return new BatchLengths(cut(), microBatch);
  }

  /** All micro-batches that run at the same time; one that is too long ends the run. */
  public BatchLengths rounds() {
    return new BatchLengths(cut(), (long) microBatch * dataParallel);
  }

  /**
   * The probability that a run meets no batch with more tokens. Each example is met in a whole
   * epoch; in a part of one, with a probability of that part. Empty when that takes the number of
   * examples and it is not known.
   */
  public OptionalDouble chanceWithin(int tokens) {
    double longer = 1 - cut().shareUpTo(tokens);
    if (longer <= 0 || epochs >= 1) {
      return OptionalDouble.of(longer <= 0 ? 1 : 0);
    }
    return examples.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.pow(1 - epochs, longer * examples.getAsDouble()));
  }
}
